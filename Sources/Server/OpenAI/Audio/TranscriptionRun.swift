import Hummingbird
import Inference
import ModelStore
import NIOCore
import RunnerProtocol

/// The way from a form that has been checked to its transcript, the same for transcriptions and translations.
struct TranscriptionRun: Sendable {
    let service: any TranscriptionService
    let model: InstalledModel
    let context: APIContext

    /// The transcript, whole. The client's departure ends the work.
    ///
    /// - Throws: ``InferenceError``, and ``UploadFault`` where the file cannot be kept.
    func gather(_ request: TranscriptionRequest, _ file: UploadedFile) async throws -> Transcript {
        let departure = await context.channel.clientDeparture()
        let transcript = try await departure.cancelling {
            try await Transcript(try await start(request, file), of: request)
        }
        context.record.note { $0.soundSeconds = transcript.duration }
        return transcript
    }

    /// The text as it grows, as server-sent events. The head of the reply is sent once the model has the file, so that
    /// errors before that are plain HTTP. The client's departure ends the work.
    ///
    /// - Throws: as ``gather(_:_:)``.
    func stream(_ request: TranscriptionRequest, _ file: UploadedFile) async throws -> Response {
        let departure = await context.channel.clientDeparture()
        let events = try await departure.cancelling { try await start(request, file) }
        let body = ResponseBody { writer in
            // The child task is the only one to touch the writer until it has ended: this one waits for it.
            nonisolated(unsafe) var shared = writer
            try await departure.cancelling {
                try await relay(events) { try await shared.write($0) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"], body: body)
    }

    /// The file is the model's own when this returns, and goes from the disk unless the form still has it.
    private func start(_ request: TranscriptionRequest, _ file: UploadedFile) async throws -> TranscriptionEvents {
        let stored = try await offLoop {
            var file = file
            return try file.stored()
        }
        defer { withExtendedLifetime(stored) {} }
        return try await service.transcribe(
            request, file: stored.path, with: model, traceparent: context.trace.traceparent)
    }

    /// Writes each event, and waits for the client to take it before it asks for the next.
    ///
    /// - Throws: where nobody reads any more: the client departed, or the server ends.
    private func relay(_ events: TranscriptionEvents, write: (ByteBuffer) async throws -> Void) async throws {
        var stream = TranscriptStream()
        var iterator = events.makeAsyncIterator()
        var isComplete = false
        while !isComplete {
            // A buffer of its own for each write: the one before may still be on its way out.
            var buffer = ByteBuffer()
            do {
                guard let event = try await iterator.next() else {
                    try Task.checkCancellation()
                    throw InferenceError.endedEarly
                }
                stream.write(event, into: &buffer)
                if case .finished(let summary) = event {
                    context.record.note { $0.soundSeconds = summary.duration }
                    isComplete = true
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                let error = APIError(describing: error, dialect: context.dialect)
                context.record.note { $0.errorCode = error.code }
                stream.write(ErrorBody(error: error, dialect: context.dialect, trace: context.trace), into: &buffer)
                isComplete = true
            }
            if buffer.readableBytes > 0 { try await write(buffer) }
        }
    }
}
