/// One message of a conversation.
public struct ChatMessage: Codable, Sendable, Equatable {
    public enum Role: String, Codable, Sendable {
        case system
        case developer
        case user
        case assistant
        case tool
    }

    public var role: Role
    /// The text of the message; text parts of the wire arrive here joined.
    public var content: String
    /// The name of the participant, where the conversation has several of one role.
    public var name: String?

    public init(role: Role, content: String, name: String? = nil) {
        self.role = role
        self.content = content
        self.name = name
    }
}
