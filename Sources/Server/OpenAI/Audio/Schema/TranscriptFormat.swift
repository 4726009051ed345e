/// What a transcript comes as.
enum TranscriptFormat: String, CaseIterable, Sendable {
    case json, text, srt, vtt
    case verboseJSON = "verbose_json"

    /// Reads the field of a form.
    init(_ form: inout Form) {
        let name = "response_format"
        if form.text(name) == "diarized_json" {
            form.fault(.unsupportedValue, name, "this server does not tell speakers apart; send json or verbose_json")
        }
        self = form.choice(name, of: Self.self) ?? .json
    }
}
