import Inference

/// One message of a request's conversation.
struct ChatCompletionRequestMessage: Decodable, Sendable {
    /// What it says, as far as it can be told without the messages before it.
    private(set) var message: ChatMessage
    /// A call in the deprecated form, which has no id.
    private(set) var functionCall: CalledFunction?
    /// Whether this is a result in the deprecated form, which names a function instead of a call.
    let isFunctionResult: Bool

    private enum Role: String, CaseIterable {
        case system, developer, user, assistant, tool, function
    }

    enum CodingKeys: String, CodingKey {
        case role, content, name, refusal, audio
        case toolCalls = "tool_calls"
        case toolCallID = "tool_call_id"
        case functionCall = "function_call"
        case reasoningContent = "reasoning_content"
    }

    private typealias Fields = FieldReader<CodingKeys>

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.role, "one of " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        guard let role = fields.choice(.role, of: Role.self) else { throw FaultGathered() }
        isFunctionResult = role == .function
        switch role {
        case .system: message = ChatMessage(role: .system, content: Self.text(fields))
        case .developer: message = ChatMessage(role: .developer, content: Self.text(fields))
        case .user: message = Self.question(fields)
        case .assistant:
            message = Self.answer(fields)
            functionCall = fields.object(.functionCall, as: CalledFunction.self)
        case .tool:
            let id = fields.requiredText(.toolCallID)
            message = ChatMessage(role: .tool, content: Self.text(fields), toolCallID: id)
        case .function:
            fields.require(.name, "the name of the function that was called")
            // `null` is the result of a function that gives none, but it has to be said.
            if fields.kind(.content) == nil { fields.require(.content, "a string or null") }
            message = ChatMessage(role: .tool, content: fields.text(.content) ?? "")
        }
        message.name = fields.text(.name, count: 1...64)
    }

    private static func text(_ fields: Fields) -> String {
        fields.require(.content, "a string or an array of content parts")
        return fields.object(.content, as: MessageContent<TextPart>.self)?.text ?? ""
    }

    /// Parts stand on lines of their own; a picture or a sound on one that is empty but for it.
    private static func question(_ fields: Fields) -> ChatMessage {
        fields.require(.content, "a string or an array of content parts")
        var message = ChatMessage(role: .user, content: "")
        let parts = fields.object(.content, as: MessageContent<UserPart>.self)?.parts ?? []
        for (index, part) in parts.enumerated() {
            if index > 0 { message.content += "\n" }
            switch part {
            case .text(let text): message.content += text
            case .attachment(var attachment):
                attachment.position = message.content.utf8.count
                message.attachments.append(attachment)
            }
        }
        return message
    }

    /// An assistant's message may hold `null`, or be a refusal or calls instead of a content.
    private static func answer(_ fields: Fields) -> ChatMessage {
        let refusal = fields.text(.refusal)
        let calls = fields.array(.toolCalls, of: MessageToolCall.self, count: 0...ToolSelection.maximumCount) ?? []
        fields.refuse(.audio)
        let isCall = fields.isPresent(.toolCalls) || fields.isPresent(.functionCall)
        if fields.kind(.content) == nil, refusal == nil, !isCall {
            fields.require(.content, "a string or an array of content parts")
        }
        return ChatMessage(
            role: .assistant, content: answerText(fields) ?? refusal ?? "", toolCalls: calls.map(\.call),
            reasoning: fields.text(.reasoningContent))
    }

    /// Texts, or one refusal.
    private static func answerText(_ fields: Fields) -> String? {
        guard let parts = fields.object(.content, as: MessageContent<AssistantPart>.self)?.parts else { return nil }
        var texts: [String] = []
        var hasRefusal = false
        for part in parts {
            switch part {
            case .text(let text): texts.append(text)
            case .refusal(let text):
                texts.append(text)
                hasRefusal = true
            }
        }
        if hasRefusal, parts.count > 1 {
            fields.fault(.invalidValue, .content, "expected parts of type text, or exactly one of type refusal")
        }
        return texts.joined(separator: "\n")
    }
}
