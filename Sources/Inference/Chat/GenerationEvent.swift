/// What a running generation reports: any number of `.delta`, one `.finished` for each answer after its last delta,
/// then one `.completed`. The events of several answers come interleaved.
public enum GenerationEvent: Sendable, Equatable {
    case delta(AnswerDelta)
    /// One of the answers has ended.
    case finished(FinishReason, choice: Int)
    /// All answers have ended.
    case completed(TokenUsage)

    /// More text of the first answer.
    public static func text(_ text: String, choice: Int = 0) -> GenerationEvent {
        .delta(AnswerDelta(choice: choice, text: text))
    }
}

/// How an answer ended.
public enum FinishReason: String, Codable, Sendable {
    /// The model ended its turn, or a stop sequence came.
    case stop
    /// The limit of tokens, or the context, was reached.
    case length
    /// The model asked for tools to be called.
    case toolCalls = "tool_calls"
}

/// More of an answer: whole characters, never part of a stop sequence. One token may yield no text (a character is not
/// complete) and one delta may hold the text of several.
public struct AnswerDelta: Codable, Sendable, Equatable {
    /// Which of the request's answers, from 0.
    public var choice: Int
    public var text: String
    /// What the model thinks before it answers, and is not part of the answer.
    public var reasoning: String
    public var toolCall: ToolCallDelta?
    /// Of the tokens of this delta, where they were asked for.
    public var logprobs: [TokenLogprob]

    public init(
        choice: Int = 0, text: String = "", reasoning: String = "", toolCall: ToolCallDelta? = nil,
        logprobs: [TokenLogprob] = []
    ) {
        self.choice = choice
        self.text = text
        self.reasoning = reasoning
        self.toolCall = toolCall
        self.logprobs = logprobs
    }

    /// Whether it is text and nothing else.
    public var isPlainText: Bool { reasoning.isEmpty && toolCall == nil && logprobs.isEmpty }
}
