import Inference
import Runners

/// The fields that transcriptions and translations have in common.
struct SpeechFields: Sendable {
    let file: UploadedFile?
    let model: String
    let format: TranscriptFormat
    let keepAlive: KeepAlive?
    private let prompt: String?
    private let temperature: Float
    private let beamSize: Int?

    static func fields(file: FormField) -> [FormField] {
        [
            file, .text("model"), .text("prompt", limit: 65_536), .text("response_format"), .text("temperature"),
            .text("beam_size"), .text("keep_alive"),
        ]
    }

    /// Gathers faults in the form.
    init(_ form: inout Form) {
        file = form.requiredUpload("file", SoundCheck.expected)
        model = form.requiredText("model")
        format = TranscriptFormat(&form)
        prompt = form.text("prompt")
        temperature = form.number("temperature", in: 0...1) ?? 0
        beamSize = form.integer("beam_size", in: 1...8)
        keepAlive = form.keepAlive()
    }

    /// What the rooms below are asked.
    func request(
        _ task: TranscriptionRequest.Task, language: String? = nil, wordTimestamps: Bool = false
    ) -> TranscriptionRequest {
        var request = TranscriptionRequest(
            task: task, language: language, prompt: prompt == "" ? nil : prompt, temperature: temperature,
            wordTimestamps: wordTimestamps)
        if let beamSize { request.beamSize = beamSize }
        return request
    }
}
