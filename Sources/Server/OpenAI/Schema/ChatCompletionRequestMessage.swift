import Inference

/// One message of a request's conversation.
struct ChatCompletionRequestMessage: Decodable, Sendable {
    let role: ChatMessage.Role
    let content: String
    let name: String?

    private enum Role: String, CaseIterable {
        case system, developer, user, assistant, tool, function
    }

    private enum CodingKeys: String, CodingKey {
        case role, content, name, refusal, audio
        case toolCalls = "tool_calls"
        case functionCall = "function_call"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.role, "one of " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        guard let role = fields.choice(.role, of: Role.self) else { throw FaultGathered() }
        switch role {
        case .system: self.role = .system
        case .developer: self.role = .developer
        case .user: self.role = .user
        case .assistant: self.role = .assistant
        case .tool, .function:
            fields.refuse(.role, if: true, supported: "system, developer, user and assistant")
            throw FaultGathered()
        }
        name = fields.text(.name)
        content = role == .assistant ? Self.answer(fields) : Self.content(fields)
    }

    private static func content(_ fields: FieldReader<CodingKeys>) -> String {
        fields.require(.content, "a string or an array of content parts")
        return fields.object(.content, as: MessageContent.self)?.text ?? ""
    }

    /// An assistant's message may hold `null`, or be a refusal or a call of tools instead of a content.
    private static func answer(_ fields: FieldReader<CodingKeys>) -> String {
        let refusal = fields.text(.refusal)
        fields.refuseElements(.toolCalls)
        fields.refuse(.functionCall)
        fields.refuse(.audio)
        let isCall = fields.isPresent(.toolCalls) || fields.isPresent(.functionCall)
        if fields.kind(.content) == nil, refusal == nil, !isCall {
            fields.require(.content, "a string or an array of content parts")
        }
        return fields.object(.content, as: MessageContent.self)?.text ?? refusal ?? ""
    }
}
