/// How likely the model thought a token before it was chosen: the natural logarithm of the softmax of its raw logits,
/// before temperature, bias, penalties, truncation and grammars.
public struct TokenLogprob: Codable, Sendable, Equatable {
    /// A token and its log-probability.
    public struct Candidate: Codable, Sendable, Equatable {
        public var token: Int32
        /// What it stands for; may be part of a character.
        public var bytes: [UInt8]
        public var logprob: Float

        public init(token: Int32, bytes: [UInt8], logprob: Float) {
            self.token = token
            self.bytes = bytes
            self.logprob = logprob
        }
    }

    public var token: Int32
    /// What it stands for; may be part of a character.
    public var bytes: [UInt8]
    /// `nil` for the first token of a prompt, which nothing comes before.
    public var logprob: Float?
    /// The most likely tokens at this place, most likely first, as many as were asked for.
    public var top: [Candidate]

    public init(token: Int32, bytes: [UInt8], logprob: Float?, top: [Candidate] = []) {
        self.token = token
        self.bytes = bytes
        self.logprob = logprob
        self.top = top
    }
}
