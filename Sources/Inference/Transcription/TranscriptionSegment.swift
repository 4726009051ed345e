/// A stretch of speech and its text. Times are seconds from the start of the sound.
public struct TranscriptionSegment: Codable, Sendable, Equatable {
    /// Counted from 0.
    public var id: Int
    /// Where the window began that it was decoded in, in hundredths of a second.
    public var seek: Int
    public var start: Double
    public var end: Double
    /// Begins with a space where words are written apart.
    public var text: String
    /// Of the text and its times, as the model chose them.
    public var tokens: [Int32]
    public var temperature: Float
    /// The mean natural logarithm of the chosen tokens' probabilities.
    public var averageLogprob: Float
    /// The text's bytes over its bytes deflated; much above 2 the text repeats itself.
    public var compressionRatio: Float
    /// The probability that the window holds no speech.
    public var noSpeechProbability: Float
    /// `nil` unless words were asked for.
    public var words: [TranscriptionWord]?

    public init(
        id: Int, seek: Int, start: Double, end: Double, text: String, tokens: [Int32] = [], temperature: Float = 0,
        averageLogprob: Float = 0, compressionRatio: Float = 0, noSpeechProbability: Float = 0,
        words: [TranscriptionWord]? = nil
    ) {
        self.id = id
        self.seek = seek
        self.start = start
        self.end = end
        self.text = text
        self.tokens = tokens
        self.temperature = temperature
        self.averageLogprob = averageLogprob
        self.compressionRatio = compressionRatio
        self.noSpeechProbability = noSpeechProbability
        self.words = words
    }
}
