import Hummingbird
import Inference
import NIOCore

enum EmbeddingRoute {
    static func add(_ engine: some EmbeddingEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.embeddings)) { request, context in
            try await answering {
                context.logTrace("embeddings", of: request)
                let message = try await request.bytes(context)
                let embeddings = try await cancellingOnClose(of: context.channel) {
                    try await offLoop { try await engine.embed(EmbeddingRequest(framed: message)) }
                }
                let vectors = RunnerRoute.Vectors(
                    dimensions: embeddings.dimensions, promptTokens: embeddings.promptTokens)
                return try Response(framed: FramedMessage.encode(vectors, floats: embeddings.values))
            }
        }
    }
}
