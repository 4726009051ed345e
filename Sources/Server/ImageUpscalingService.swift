import Inference
import ModelStore
import Runners

/// Enlarges pictures with models that run elsewhere.
public protocol ImageUpscalingService: KeepingService {
    /// - Parameters:
    ///   - picture: the bytes of a JPEG, PNG or WebP file.
    ///   - traceparent: the W3C trace context of the request.
    /// - Throws: ``Inference/InferenceError``.
    func upscale(
        _ picture: [UInt8], with model: InstalledModel, traceparent: String?
    ) async throws -> UpscaledPicture
}

extension RunnerPool: ImageUpscalingService {}
