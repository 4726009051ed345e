/// Tokens read and written by one request, as the model counts them.
public struct TokenUsage: Codable, Sendable, Equatable {
    /// Counted once, however many answers there are.
    public var promptTokens: Int
    /// How many of `promptTokens` were found in the cache and not computed again.
    public var cachedPromptTokens: Int
    /// Of all answers together.
    public var completionTokens: Int
    /// How many of `completionTokens` were thoughts before the answer.
    public var reasoningTokens: Int
    /// How many of `completionTokens` were computed ahead because the request's prediction held them.
    public var acceptedPredictionTokens: Int
    /// Tokens of the prediction that were computed ahead and did not come.
    public var rejectedPredictionTokens: Int

    public init(
        promptTokens: Int, cachedPromptTokens: Int, completionTokens: Int, reasoningTokens: Int = 0,
        acceptedPredictionTokens: Int = 0, rejectedPredictionTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
        self.acceptedPredictionTokens = acceptedPredictionTokens
        self.rejectedPredictionTokens = rejectedPredictionTokens
    }
}
