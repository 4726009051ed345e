/// What a running generation reports, in order: any number of `.token`, then one `.finished`.
public enum GenerationEvent: Sendable, Equatable {
    /// More of the answer: whole characters, never part of a stop sequence. One token may yield no text (a character
    /// is not complete) and one event may hold the text of several.
    case token(String)
    case finished(Completion)

    /// How a generation ended.
    public struct Completion: Codable, Sendable, Equatable {
        public var reason: FinishReason
        public var usage: TokenUsage

        public init(reason: FinishReason, usage: TokenUsage) {
            self.reason = reason
            self.usage = usage
        }
    }

    public enum FinishReason: String, Codable, Sendable {
        /// The model ended its turn, or a stop sequence came.
        case stop
        /// The limit of tokens, or the context, was reached.
        case length
    }
}

/// Tokens read and written by one request, as the model counts them.
public struct TokenUsage: Codable, Sendable, Equatable {
    public var promptTokens: Int
    /// How many of `promptTokens` were found in the cache and not computed again.
    public var cachedPromptTokens: Int
    public var completionTokens: Int

    public init(promptTokens: Int, cachedPromptTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
    }
}
