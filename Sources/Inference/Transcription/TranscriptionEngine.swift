/// An engine that writes speech down.
public protocol TranscriptionEngine: Sendable {
    associatedtype Transcription: AsyncSequence<TranscriptionEvent, any Error> & Sendable

    /// Begins with ``TranscriptionEvent/began(_:)``, then gives segments as they are decoded, and ends with
    /// ``TranscriptionEvent/finished(_:)``. Ending the iteration, or cancelling the task, ends the work within a window.
    ///
    /// - Parameter file: the path of a WAV, MP3, FLAC or OGG file. It is open when the call returns and may be removed.
    /// - Throws: ``InferenceError``: `invalidRequest` where the file cannot be read (`parameter` is `file`) or the model
    ///   does not know the language (`language`), `unsupported` where an English-only model is to translate.
    func transcribe(_ request: TranscriptionRequest, file: String) async throws -> Transcription
}
