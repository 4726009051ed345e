import Hummingbird
import Inference
import ModelStore
import NIOCore
import RunnerProtocol

/// `POST …/embeddings`.
struct EmbeddingsController: Sendable {
    let models: any ModelDirectory
    let service: any EmbeddingService

    var endpoints: [Endpoint] {
        [Endpoint(.post, "embeddings") { request, context in try await create(request, context) }]
    }

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await decode(request, context.dialect)
        let model = try models.find(wire.model, for: .embeddings, context)
        await service.keep(model, for: wire.keepAlive)
        let embeddings = try await EmbeddingRun(service: service, model: model, context: context)
            .embed(wire.request, pictures: wire.images) { wire.field($0) }
        return await Response(writingJSON: embeddings.values.count) { buffer in
            buffer.writeEmbeddingResponse(embeddings, model: model.id, wire.encoding)
        }
    }

    /// The promised interface has no other fields than those it lists; OpenAI's own passes them over.
    private func decode(_ request: Request, _ dialect: Dialect) async throws -> CreateEmbeddingRequest {
        switch dialect {
        case .contract: try await request.decode(Closed<CreateEmbeddingRequest>.self).body
        case .openAI: try await request.decode(CreateEmbeddingRequest.self)
        }
    }
}
