import Inference
import ModelStore
import Runners

/// What the HTTP surface needs of the rooms that run models.
public protocol ChatService: KeepingService {
    /// Starts an answer.
    ///
    /// - Parameter traceparent: the W3C trace context of the request.
    /// - Throws: ``Inference/InferenceError`` where the answer cannot begin; later errors come through its events.
    func generate(
        _ request: GenerationRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> StartedGeneration

    /// What each running process is doing.
    func statistics() async -> [RunnerStatus]
}

extension RunnerPool: ChatService {}
