import Inference
import ModelStore
import RunnerProtocol

/// What a model can be asked. Each starts the model's process if it is not there.
extension RunnerPool {
    /// Continues a conversation or a text with a model.
    ///
    /// - Parameter traceparent: the W3C trace context of the request, for the runner's log.
    /// - Throws: ``InferenceError`` where the answer cannot begin.
    public func generate(
        _ request: GenerationRequest, with model: InstalledModel, traceparent: String? = nil
    ) async throws -> StartedGeneration {
        try await ask(model) { runner, lease in
            let events = try await runner.generate(request, traceparent: traceparent)
            return StartedGeneration(engine: runner.description, events: events.keeping(lease))
        }
    }

    /// Embeds texts or images.
    ///
    /// - Parameter traceparent: the W3C trace context of the request, for the runner's log.
    /// - Throws: ``InferenceError``; see ``Inference/EmbeddingEngine/embed(_:)`` for how it names inputs.
    public func embed(
        _ request: EmbeddingRequest, with model: InstalledModel, traceparent: String? = nil
    ) async throws -> Embeddings {
        try await ask(model) { runner, _ in try await runner.embed(request, traceparent: traceparent) }
    }

    /// Writes speech down.
    ///
    /// - Parameters:
    ///   - file: the path of a sound's file, which may be removed when this returns.
    ///   - traceparent: the W3C trace context of the request, for the runner's log.
    /// - Returns: the events as they come; cancelling the task that reads them ends the work.
    /// - Throws: ``InferenceError`` where the transcription cannot begin.
    public func transcribe(
        _ request: TranscriptionRequest, file: String, with model: InstalledModel, traceparent: String? = nil
    ) async throws -> TranscriptionEvents {
        try await ask(model) { runner, lease in
            try await runner.transcribe(request, file: file, traceparent: traceparent).keeping(lease)
        }
    }

    /// Enlarges a picture.
    ///
    /// - Parameters:
    ///   - picture: the bytes of a JPEG, PNG or WebP file.
    ///   - traceparent: the W3C trace context of the request, for the runner's log.
    /// - Throws: ``InferenceError``.
    public func upscale(
        _ picture: [UInt8], with model: InstalledModel, traceparent: String? = nil
    ) async throws -> UpscaledPicture {
        try await ask(model) { runner, _ in try await runner.upscale(picture, traceparent: traceparent) }
    }
}
