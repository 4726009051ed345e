/// One message of a conversation.
public struct ChatMessage: Codable, Sendable, Equatable {
    public enum Role: String, Codable, Sendable {
        case system
        case developer
        case user
        case assistant
        /// The result of a call that the assistant asked for.
        case tool
    }

    public var role: Role
    /// The text of the message; text parts of the wire arrive here joined.
    public var content: String
    /// Pictures and sounds that stand in the content.
    public var attachments: [Attachment]
    /// The name of the participant, where the conversation has several of one role; of a `tool` message the function's.
    public var name: String?
    /// What an `assistant` message asked to be called.
    public var toolCalls: [ToolCall]
    /// Which call a `tool` message is the result of.
    public var toolCallID: String?
    /// What an `assistant` message thought before it answered; some templates give it back to the model.
    public var reasoning: String?

    public init(
        role: Role, content: String, name: String? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil,
        reasoning: String? = nil, attachments: [Attachment] = []
    ) {
        self.role = role
        self.content = content
        self.attachments = attachments
        self.name = name
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.reasoning = reasoning
    }
}
