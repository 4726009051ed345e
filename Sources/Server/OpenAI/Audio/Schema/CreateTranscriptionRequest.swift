import Inference

/// The body of `POST …/audio/transcriptions`: a form.
struct CreateTranscriptionRequest: Sendable {
    static func fields(file: FormField) -> [FormField] {
        let speakers = "this server does not tell speakers apart; leave it out"
        return SpeechFields.fields(file: file) + [
            .text("language"), .text("stream"), .texts("timestamp_granularities"), .texts("chunking_strategy"),
            .unsupported(
                "include", "this server gives no log-probabilities of tokens; verbose_json has a segment's mean"),
            .unsupported("keywords", "this server does not support this field; write the words into prompt"),
            .unsupported("languages", "this server takes one, as language, or detects it where there is none"),
            .unsupported("known_speaker_names", speakers), .unsupported("known_speaker_references", speakers),
        ]
    }

    let speech: SpeechFields
    let request: TranscriptionRequest
    let stream: Bool

    private enum Granularity: String, CaseIterable {
        case word, segment
    }

    /// - Throws: ``ValidationFailure`` with all faults of the fields.
    init(_ form: Form) throws {
        var form = form
        speech = SpeechFields(&form)
        let language = Self.language(&form)
        let granularities = form.choices("timestamp_granularities", of: Granularity.self)
        if granularities != nil, speech.format != .verboseJSON {
            form.fault(
                .unsupportedValue, "timestamp_granularities",
                "only verbose_json has room for them; send that as response_format, or leave this out")
        }
        stream = form.flag("stream") ?? false
        if stream, speech.format != .json, speech.format != .text {
            form.fault(
                .unsupportedValue, "response_format",
                "a stream is of events, whatever the format; send json or text, or leave stream out")
        }
        if let strategy = form.texts("chunking_strategy"), strategy != ["auto"] {
            form.fault(
                .unsupportedValue, "chunking_strategy",
                "where a sound is cut, the model's own pauses decide; send auto, or leave it out")
        }
        request = speech.request(
            .transcribe, language: language?.code, wordTimestamps: granularities?.contains(.word) == true)
        try form.check()
    }

    private static func language(_ form: inout Form) -> SpeechLanguage? {
        guard let text = form.text("language") else { return nil }
        let language = SpeechLanguage(text)
        if language == nil {
            form.fault(
                .invalidValue, "language",
                "expected a language's ISO 639-1 code or its name in English, such as de or german")
        }
        return language
    }
}
