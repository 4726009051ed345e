import HTTPTypes
import Hummingbird
import Inference
import ModelStore
import NIOCore

extension LlamaStack {
    /// `POST …/inference/embeddings`.
    struct EmbeddingsController: Sendable {
        let models: any ModelDirectory
        let service: any EmbeddingService

        var endpoints: [Endpoint] {
            [LlamaStack.post("inference/embeddings") { request, context in try await create(request, context) }]
        }

        private func create(_ request: Request, _ context: APIContext) async throws -> Response {
            let wire = try await request.decode(EmbeddingsRequest.self)
            let model = try models.find(wire.modelID, for: .embeddings, context)
            await service.keep(model, for: wire.keepAlive)
            let embeddings = try await EmbeddingRun(service: service, model: model, context: context)
                .embed(wire.request, pictures: wire.pictures) { wire.field($0) }
            let vectors = wire.arranged(embeddings)
            return await Response(writingJSON: embeddings.values.count) { $0.writeLlamaStackEmbeddings(vectors) }
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeLlamaStackEmbeddings(_ vectors: [ArraySlice<Float>]) {
        writeStaticString("{\"embeddings\":[")
        for (index, vector) in vectors.enumerated() {
            if index > 0 { writeStaticString(",") }
            writeJSONArray(vector)
        }
        writeStaticString("]}")
    }
}
