import Inference
import ModelStore
import Runners

/// Embeds texts and images with models that run elsewhere.
public protocol EmbeddingService: KeepingService {
    /// - Parameter traceparent: the W3C trace context of the request.
    /// - Throws: ``Inference/InferenceError``, which names an input as ``Inference/EmbeddingEngine`` does.
    func embed(
        _ request: EmbeddingRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> Embeddings
}

extension RunnerPool: EmbeddingService {}
