/// A word and when it is spoken. Times are seconds from the start of the sound.
public struct TranscriptionWord: Codable, Sendable, Equatable {
    public var word: String
    public var start: Double
    public var end: Double
    /// The mean probability of its tokens.
    public var probability: Float

    public init(word: String, start: Double, end: Double, probability: Float) {
        self.word = word
        self.start = start
        self.end = end
        self.probability = probability
    }
}
