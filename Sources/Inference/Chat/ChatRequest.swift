/// A conversation to be continued by one answer, or several.
public struct ChatRequest: Codable, Sendable, Equatable {
    /// The conversation so far, oldest first; never empty.
    public var messages: [ChatMessage]
    /// Functions that the model may ask to be called.
    public var tools: [Tool]
    public var toolChoice: ToolChoice
    /// Whether one answer may call several tools.
    public var allowsParallelToolCalls: Bool
    /// What form the text of the answer has to have.
    public var outputFormat: OutputFormat
    /// How long a model that thinks before it answers should do so; `nil` leaves it to the model's template.
    public var reasoningEffort: ReasoningEffort?
    /// What the answer is likely to be, or to repeat in long stretches: computed faster where it is right, and without
    /// influence on what the answer is.
    public var prediction: String?
    public var parameters: GenerationParameters

    public init(
        messages: [ChatMessage], tools: [Tool] = [], toolChoice: ToolChoice = .auto,
        allowsParallelToolCalls: Bool = true, outputFormat: OutputFormat = .text,
        reasoningEffort: ReasoningEffort? = nil, prediction: String? = nil, parameters: GenerationParameters = .init()
    ) {
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.allowsParallelToolCalls = allowsParallelToolCalls
        self.outputFormat = outputFormat
        self.reasoningEffort = reasoningEffort
        self.prediction = prediction
        self.parameters = parameters
    }
}

/// How much a reasoning model should think. Templates that know only thinking or not take all but `none` as thinking.
public enum ReasoningEffort: String, Codable, Sendable, CaseIterable {
    case none
    case minimal
    case low
    case medium
    case high
    case xhigh
}
