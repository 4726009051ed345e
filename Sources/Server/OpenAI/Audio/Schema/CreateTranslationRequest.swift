import Inference

/// The body of `POST …/audio/translations`: a form.
struct CreateTranslationRequest: Sendable {
    let speech: SpeechFields
    let request: TranscriptionRequest

    /// - Throws: ``ValidationFailure`` with all faults of the fields.
    init(_ form: Form) throws {
        var form = form
        speech = SpeechFields(&form)
        request = speech.request(.translate)
        try form.check()
    }
}
