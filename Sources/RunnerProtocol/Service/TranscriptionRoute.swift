import Hummingbird
import Inference
import NIOCore

enum TranscriptionRoute {
    static func add(_ engine: some TranscriptionEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.transcription)) { request, context in
            try await answering {
                context.logTrace("transcription", of: request)
                let wanted = try await request.json(RunnerRoute.Transcription.self, context)
                let events = try await cancellingOnClose(of: context.channel) {
                    try await offLoop { try await engine.transcribe(wanted.request, file: wanted.file) }
                }
                return Response(
                    status: .ok, headers: [.contentType: "application/x-ndjson"],
                    body: .init { writer in
                        try await cancellingOnClose(of: context.channel) {
                            // An engine may decode wherever it is asked for the next event.
                            try await withTaskExecutorPreference(globalConcurrentExecutor) {
                                try await write(events, to: &writer)
                            }
                        }
                        try await writer.finish(nil)
                    })
            }
        }
    }

    /// The next event is asked for when the one before is on its way.
    private static func write(
        _ events: some AsyncSequence<TranscriptionEvent, any Error>, to writer: inout any ResponseBodyWriter
    ) async throws {
        do {
            for try await event in events { try await write(TranscriptionLine(event), to: &writer) }
        } catch let error as InferenceError {
            try await write(TranscriptionLine(error), to: &writer)
        }
    }

    private static func write(_ line: TranscriptionLine, to writer: inout any ResponseBodyWriter) async throws {
        var buffer = ByteBuffer()
        try line.write(to: &buffer)
        try await writer.write(buffer)
    }
}
