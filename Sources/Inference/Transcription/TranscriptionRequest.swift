/// Speech to be written down.
public struct TranscriptionRequest: Codable, Sendable, Equatable {
    public enum Task: String, Codable, Sendable {
        case transcribe
        /// Into English.
        case translate
    }

    public var task: Task
    /// An ISO 639-1 code, or Whisper's own where there is none; `nil` is detected.
    public var language: String?
    /// Text that the speech continues, for its names and spelling.
    public var prompt: String?
    /// 0 starts greedy, or with a beam, and falls back upwards.
    public var temperature: Float
    /// Candidates that are kept while decoding at temperature 0; 1 is greedy.
    public var beamSize: Int
    public var wordTimestamps: Bool

    public init(
        task: Task = .transcribe, language: String? = nil, prompt: String? = nil, temperature: Float = 0,
        beamSize: Int = 5, wordTimestamps: Bool = false
    ) {
        self.task = task
        self.language = language
        self.prompt = prompt
        self.temperature = temperature
        self.beamSize = beamSize
        self.wordTimestamps = wordTimestamps
    }
}
