import Inference
import NIOCore

/// Carries one answer from its events to the client.
struct ChatCompletionStream: Sendable {
    let chunks: ChatCompletionChunks
    let context: APIContext

    /// Writes each batch of events at once, and waits for the client to take it before it asks for more.
    ///
    /// An error of the model ends the stream with an error event, and without `[DONE]`.
    ///
    /// - Throws: where nobody reads any more: the client departed, or the server ends.
    func relay<Events: AsyncSequence>(
        _ events: Events, write: (ByteBuffer) async throws -> Void
    ) async throws where Events.Element == [GenerationEvent] {
        var buffer = ByteBuffer()
        chunks.writeStart(into: &buffer)
        try await write(buffer)
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

    /// - Returns: whether the answer is complete.
    private func encode(_ batch: [GenerationEvent], into buffer: inout ByteBuffer) -> Bool {
        for event in batch {
            switch event {
            case .token(let text):
                if !text.isEmpty { chunks.write(text: text, into: &buffer) }
            case .finished(let completion):
                chunks.writeEnd(completion, into: &buffer)
                context.record.note { $0.usage = completion.usage }
                return true
            }
        }
        return false
    }

    private func encode(_ error: any Error, into buffer: inout ByteBuffer) {
        let error = APIError(describing: error, dialect: context.dialect)
        context.record.note { $0.errorCode = error.code }
        let body = ErrorBody(error: error, dialect: context.dialect, trace: context.trace)
        buffer.writeStaticString("data: ")
        buffer.writeImmutableBuffer(body.bytes)
        buffer.writeStaticString("\n\n")
    }
}
