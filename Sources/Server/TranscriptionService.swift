import Inference
import ModelStore
import RunnerProtocol
import Runners

/// Writes speech down with models that run elsewhere.
public protocol TranscriptionService: KeepingService {
    /// - Parameters:
    ///   - file: the path of a sound's file, which may be removed when this returns.
    ///   - traceparent: the W3C trace context of the request.
    /// - Returns: the events as they come; cancelling the task that reads them ends the work.
    /// - Throws: ``Inference/InferenceError`` as ``Inference/TranscriptionEngine`` does; later errors come through the
    ///   events.
    func transcribe(
        _ request: TranscriptionRequest, file: String, with model: InstalledModel, traceparent: String?
    ) async throws -> TranscriptionEvents
}

extension RunnerPool: TranscriptionService {}
