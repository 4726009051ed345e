import Inference

/// The reply of `json`.
struct TranscriptionReply: Encodable, Sendable {
    let text: String
    let usage: TranscriptionUsage

    init(_ transcript: Transcript) {
        text = transcript.text
        usage = TranscriptionUsage(seconds: transcript.duration)
    }
}

/// What a transcription took: the length of its sound.
struct TranscriptionUsage: Encodable, Sendable {
    let type = "duration"
    let seconds: Double

    init(seconds: Double) {
        self.seconds = seconds.roundedToMilliseconds
    }
}

/// The reply of `verbose_json`.
struct VerboseTranscriptionReply: Encodable, Sendable {
    let task: String
    /// In English.
    let language: String
    let duration: Double
    let text: String
    let segments: [Segment]
    let words: [Word]?
    let usage: TranscriptionUsage

    struct Segment: Encodable, Sendable {
        let id: Int
        let seek: Int
        let start: Double
        let end: Double
        let text: String
        let tokens: [Int32]
        let temperature: Float
        let averageLogprob: Float
        let compressionRatio: Float
        let noSpeechProbability: Float

        enum CodingKeys: String, CodingKey {
            case id, seek, start, end, text, tokens, temperature
            case averageLogprob = "avg_logprob"
            case compressionRatio = "compression_ratio"
            case noSpeechProbability = "no_speech_prob"
        }
    }

    struct Word: Encodable, Sendable {
        let word: String
        let start: Double
        let end: Double
    }

    init(_ transcript: Transcript) {
        task = transcript.task.rawValue
        language = transcript.languageName
        duration = transcript.duration.roundedToMilliseconds
        text = transcript.text
        segments = transcript.segments.map { Segment($0, transcript) }
        let words = transcript.segments.compactMap(\.words)
        self.words = transcript.hasWords ? words.joined().map { Word($0, transcript) } : nil
        usage = TranscriptionUsage(seconds: transcript.duration)
    }
}

extension VerboseTranscriptionReply.Segment {
    fileprivate init(_ segment: TranscriptionSegment, _ transcript: Transcript) {
        let times = transcript.times(segment.start, segment.end)
        self.init(
            id: segment.id, seek: segment.seek, start: times.start, end: times.end, text: segment.text,
            tokens: segment.tokens, temperature: segment.temperature.orZero,
            averageLogprob: Optional(segment.averageLogprob).wire, compressionRatio: segment.compressionRatio.orZero,
            noSpeechProbability: segment.noSpeechProbability.orZero)
    }
}

extension VerboseTranscriptionReply.Word {
    fileprivate init(_ word: TranscriptionWord, _ transcript: Transcript) {
        let times = transcript.times(word.start, word.end)
        self.init(word: TranscriptText.trimmed(word.word), start: times.start, end: times.end)
    }
}

extension Float {
    /// JSON has no number that is none.
    fileprivate var orZero: Float { isFinite ? self : 0 }
}
