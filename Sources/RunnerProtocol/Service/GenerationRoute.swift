import HTTPTypes
import Hummingbird
import Inference
import NIOCore

enum GenerationRoute {
    static func add(_ engine: some ChatEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.generation)) { request, context in
            try await answering {
                context.logTrace("generation", of: request)
                let generation =
                    request.headers[.contentType] == FramedMessage.mediaType
                    ? try GenerationRequest(framed: try await request.bytes(context))
                    : try await request.json(GenerationRequest.self, context)
                let events = try await cancellingOnClose(of: context.channel) {
                    // Templates and tokenizers take their time with long conversations.
                    try await offLoop { try await engine.generate(generation) }
                }
                return Response(
                    status: .ok, headers: [.contentType: "application/x-ndjson"],
                    body: .init { writer in
                        try await cancellingOnClose(of: context.channel) {
                            try await write(events, to: &writer)
                        }
                        try await writer.finish(nil)
                    })
            }
        }
    }

    /// One write for all that is ready.
    private static func write(
        _ events: some AsyncSequence<[GenerationEvent], any Error>, to writer: inout any ResponseBodyWriter
    ) async throws {
        do {
            for try await batch in events {
                var lines = ByteBuffer()
                for event in batch { try EventLine.write(event, to: &lines) }
                try await writer.write(lines)
            }
        } catch let error as InferenceError {
            var line = ByteBuffer()
            try EventLine.write(error, to: &line)
            try await writer.write(line)
        }
    }
}
