/// Speech to be written down.
public struct TranscriptionRequest: Codable, Sendable, Equatable {
    public enum Task: String, Codable, Sendable {
        case transcribe
        /// Into English.
        case translate
    }

    public var task: Task
    /// ISO 639-1; `nil` is detected.
    public var language: String?
    /// Text that the speech continues, for its names and spelling.
    public var prompt: String?
    /// 0 starts greedy and falls back upwards.
    public var temperature: Float
    public var wordTimestamps: Bool

    public init(
        task: Task = .transcribe, language: String? = nil, prompt: String? = nil, temperature: Float = 0,
        wordTimestamps: Bool = false
    ) {
        self.task = task
        self.language = language
        self.prompt = prompt
        self.temperature = temperature
        self.wordTimestamps = wordTimestamps
    }
}

/// A stretch of speech and its text. Times are seconds from the start of the audio.
public struct TranscriptionSegment: Codable, Sendable, Equatable {
    public var start: Double
    public var end: Double
    public var text: String

    public init(start: Double, end: Double, text: String) {
        self.start = start
        self.end = end
        self.text = text
    }
}

/// An engine that writes speech down.
public protocol TranscriptionEngine: Sendable {
    associatedtype Segments: AsyncSequence<TranscriptionSegment, any Error> & Sendable

    /// - Parameter samples: mono, 16 kHz, in −1…1.
    /// - Throws: ``InferenceError``.
    func transcribe(_ request: TranscriptionRequest, samples: [Float]) async throws -> Segments
}
