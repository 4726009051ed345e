import Inference
import NIOCore

/// Carries the events of one generation to the client.
struct EventRelay<Writer: EventWriter>: Sendable {
    var writer: Writer
    let context: APIContext

    /// Writes each batch of events at once, and waits for the client to take it before it asks for more.
    ///
    /// An error of the model ends the stream with what the writer makes of it.
    ///
    /// - Throws: where nobody reads any more: the client departed, or the server ends.
    mutating func relay<Events: AsyncSequence>(
        _ events: Events, write: (ByteBuffer) async throws -> Void
    ) async throws where Events.Element == [GenerationEvent] {
        var buffer = ByteBuffer()
        writer.writeStart(into: &buffer)
        if buffer.readableBytes > 0 { try await write(buffer) }
        var iterator = events.makeAsyncIterator()
        while true {
            // A buffer of its own for each write: the one before may still be on its way out.
            buffer = ByteBuffer()
            let isComplete: Bool
            do {
                guard let batch = try await iterator.next() else {
                    try Task.checkCancellation()
                    throw InferenceError.endedEarly
                }
                isComplete = encode(batch, into: &buffer)
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                encode(error, into: &buffer)
                isComplete = true
            }
            if buffer.readableBytes > 0 { try await write(buffer) }
            if isComplete { return }
        }
    }

    /// - Returns: whether the generation is complete.
    private mutating func encode(_ batch: [GenerationEvent], into buffer: inout ByteBuffer) -> Bool {
        for event in batch {
            writer.write(event, into: &buffer)
            if case .completed(let usage) = event {
                context.record.note { $0.usage = usage }
                return true
            }
        }
        return false
    }

    private mutating func encode(_ error: any Error, into buffer: inout ByteBuffer) {
        let error = APIError(describing: error, dialect: context.dialect)
        context.record.note { $0.errorCode = error.code }
        writer.write(ErrorBody(error: error, dialect: context.dialect, trace: context.trace), into: &buffer)
    }
}
