/// How answers are generated, whatever they answer.
public struct GenerationParameters: Codable, Sendable, Equatable {
    public var sampling: SamplingParameters
    /// An answer ends before the first of these; it is not part of it.
    public var stop: [String]
    /// The most tokens to generate for each answer; `nil` is until the context is full. 0 generates nothing, which is
    /// of use where the prompt is echoed.
    public var maximumTokens: Int?
    /// How many answers to generate, each with a draw of its own; at least 1.
    public var choices: Int
    /// Whether log-probabilities are wanted, and of how many of the most likely tokens beside the chosen one.
    public var topLogprobs: Int?

    public init(
        sampling: SamplingParameters = .init(), stop: [String] = [], maximumTokens: Int? = nil, choices: Int = 1,
        topLogprobs: Int? = nil
    ) {
        self.sampling = sampling
        self.stop = stop
        self.maximumTokens = maximumTokens
        self.choices = choices
        self.topLogprobs = topLogprobs
    }
}
