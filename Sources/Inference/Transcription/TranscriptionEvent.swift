/// What a transcription says as it goes on.
public enum TranscriptionEvent: Codable, Sendable, Equatable {
    /// The sound is readable, and its language is known.
    case began(Beginning)
    case segment(TranscriptionSegment)
    /// The end; nothing follows.
    case finished(Summary)

    public struct Beginning: Codable, Sendable, Equatable {
        /// An ISO 639-1 code, or Whisper's own where there is none.
        public var language: String

        public init(language: String) {
            self.language = language
        }
    }

    public struct Summary: Codable, Sendable, Equatable {
        /// Seconds of sound that were read.
        public var duration: Double

        public init(duration: Double) {
            self.duration = duration
        }
    }
}
