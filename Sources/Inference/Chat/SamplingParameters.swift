/// How the next token is chosen from the model's logits.
///
/// Applied in this order: `logitBias`, penalties, `temperature`, `minP`, `topK`, `topP`; then one draw.
public struct SamplingParameters: Codable, Sendable, Equatable {
    /// 0 is greedy: the most likely token, always. Otherwise logits are divided by it.
    public var temperature: Float
    /// The smallest set of tokens whose probabilities reach this sum is kept (Holtzman et al. 2019, "The Curious
    /// Case of Neural Text Degeneration"). 1 keeps all.
    public var topP: Float
    /// Only the `topK` most likely tokens are kept (Fan et al. 2018). 0 keeps all.
    public var topK: Int
    /// Tokens less likely than `minP` times the most likely one are dropped (Nguyen et al. 2024). 0 keeps all.
    public var minP: Float
    /// Taken off a token's logit once for each time that it was generated.
    public var frequencyPenalty: Float
    /// Taken off a token's logit once if it was generated at all.
    public var presencePenalty: Float
    /// Divides the positive, multiplies the negative logits of tokens seen in the prompt's last tokens or generated
    /// (Keskar et al. 2019, CTRL). 1 is off.
    public var repetitionPenalty: Float
    /// Added to the logits of these tokens.
    public var logitBias: [Int32: Float]
    /// The same seed, model and request draw the same tokens. `nil` draws a fresh one.
    public var seed: UInt64?

    public init(
        temperature: Float = 1, topP: Float = 1, topK: Int = 0, minP: Float = 0, frequencyPenalty: Float = 0,
        presencePenalty: Float = 0, repetitionPenalty: Float = 1, logitBias: [Int32: Float] = [:], seed: UInt64? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.repetitionPenalty = repetitionPenalty
        self.logitBias = logitBias
        self.seed = seed
    }

    /// Always the most likely token.
    public static let greedy = SamplingParameters(temperature: 0)
}
