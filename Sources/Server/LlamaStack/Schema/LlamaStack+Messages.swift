import Inference

extension LlamaStack {
    /// One message of a request's conversation.
    enum Message: Decodable, Sendable {
        case user(UserMessage)
        case system(SystemMessage)
        case assistant(CompletionMessage)
        case ipython(ToolResponseMessage)

        private enum Role: String, CaseIterable {
            case user, system, assistant, ipython
        }

        private enum CodingKeys: String, CodingKey {
            case role
        }

        init(from decoder: any Decoder) throws {
            // Open: which other fields there are depends on the role.
            let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
            fields.require(.role, "one of " + Role.allCases.map(\.rawValue).joined(separator: ", "))
            guard let role = fields.choice(.role, of: Role.self) else { throw FaultGathered() }
            switch role {
            case .user: self = .user(try UserMessage(from: decoder))
            case .system: self = .system(try SystemMessage(from: decoder))
            case .assistant: self = .assistant(try CompletionMessage(from: decoder))
            case .ipython: self = .ipython(try ToolResponseMessage(from: decoder))
            }
        }
    }

    struct UserMessage: Decodable, Sendable {
        let content: String
        /// What the model should know before it reads `content`.
        let context: String?

        private enum CodingKeys: String, CodingKey {
            case role, content, context
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            content = fields.requiredContent(.content)
            context = fields.object(.context, as: InterleavedContent.self)?.text
        }
    }

    struct SystemMessage: Decodable, Sendable {
        let content: String

        private enum CodingKeys: String, CodingKey {
            case role, content
        }

        init(from decoder: any Decoder) throws {
            content = try FieldReader(decoder, closedTo: CodingKeys.self).requiredContent(.content)
        }
    }

    /// What a model has answered before. Why it stopped then is checked, and of no influence on what comes now.
    struct CompletionMessage: Decodable, Sendable {
        let content: String
        let toolCalls: [Inference.ToolCall]

        private enum CodingKeys: String, CodingKey {
            case role, content
            case stopReason = "stop_reason"
            case toolCalls = "tool_calls"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            content = fields.requiredContent(.content)
            fields.require(.stopReason, "one of " + StopReason.allCases.map(\.rawValue).joined(separator: ", "))
            _ = fields.choice(.stopReason, of: StopReason.self)
            fields.require(.toolCalls, "an array of tool calls")
            toolCalls = fields.array(.toolCalls, of: ToolCall.self, count: 0 ... .max)?.map(\.call) ?? []
        }
    }

    /// The result of a call that a model asked for.
    struct ToolResponseMessage: Decodable, Sendable {
        let callID: String
        let toolName: String
        let content: String

        private enum CodingKeys: String, CodingKey {
            case role, content
            case callID = "call_id"
            case toolName = "tool_name"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            fields.require(.callID, "a string")
            callID = fields.text(.callID) ?? ""
            toolName = fields.requiredText(.toolName)
            content = fields.requiredContent(.content)
        }
    }
}

extension FieldReader {
    /// A content that must be there; it may be empty.
    fileprivate func requiredContent(_ key: Key) -> String {
        require(key, "a string, an image or an array of them")
        return object(key, as: LlamaStack.InterleavedContent.self)?.text ?? ""
    }
}
