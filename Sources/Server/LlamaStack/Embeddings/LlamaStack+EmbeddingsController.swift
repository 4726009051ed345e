import HTTPTypes
import Hummingbird
import Inference
import ModelStore

extension LlamaStack {
    /// `POST …/inference/embeddings`. No engine embeds yet, so that the model of a good request is always at fault.
    struct EmbeddingsController: Sendable {
        let models: any ModelDirectory

        var endpoints: [Endpoint] {
            [LlamaStack.post("inference/embeddings") { request, context in try await create(request, context) }]
        }

        private func create(_ request: Request, _ context: APIContext) async throws -> Response {
            let wire = try await request.decode(EmbeddingsRequest.self)
            let model = try models.find(wire.modelID)
            context.record.note { $0.model = model.id }
            guard model.capability == .embeddings else {
                throw InferenceError(
                    .invalidRequest,
                    "The model `\(model.id)` is for \(model.capability.rawValue), not for embeddings. "
                        + "Name an embedding model.",
                    parameter: "model")
            }
            throw InferenceError(
                .invalidRequest, "The model `\(model.id)` cannot embed here: this version has no engine for it.",
                parameter: "model")
        }
    }
}
