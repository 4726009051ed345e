import Inference

/// A transcription, whole.
struct Transcript: Sendable {
    let task: TranscriptionRequest.Task
    /// Whether times of words were asked for.
    let hasWords: Bool
    let segments: [TranscriptionSegment]
    /// Seconds of sound.
    let duration: Double
    let text: String
    private let language: String

    /// - Throws: what the events throw, and ``InferenceError`` where they end before the transcription does.
    init<Events: AsyncSequence>(
        _ events: Events, of request: TranscriptionRequest
    ) async throws where Events.Element == TranscriptionEvent {
        var language = request.language ?? "en"
        var segments: [TranscriptionSegment] = []
        var text = TranscriptText()
        for try await event in events {
            switch event {
            case .began(let beginning): language = beginning.language
            case .segment(let segment):
                segments.append(segment)
                _ = text.add(segment.text)
            case .finished(let summary):
                task = request.task
                hasWords = request.wordTimestamps
                self.language = language
                self.segments = segments
                self.text = text.text
                duration = summary.duration.isFinite ? max(0, summary.duration) : 0
                return
            }
        }
        try Task.checkCancellation()
        throw InferenceError.endedEarly
    }

    /// The language of the text, in English and lower case.
    var languageName: String {
        task == .translate ? "english" : SpeechLanguage(language)?.name ?? language
    }

    /// Times within the sound, in order, to the millisecond.
    func times(_ start: Double, _ end: Double) -> (start: Double, end: Double) {
        let start = start.isFinite ? min(max(0, start), duration) : 0
        let end = end.isFinite ? min(max(start, end), duration) : start
        return (start.roundedToMilliseconds, end.roundedToMilliseconds)
    }
}

extension Double {
    var roundedToMilliseconds: Double { (self * 1_000).rounded() / 1_000 }
}
