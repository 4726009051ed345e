import Inference

/// One of the answers of a chat request.
struct ChatCompletionChoice: Encodable, Sendable {
    let index: Int
    let answer: GatheredAnswer
    let callForm: ToolCallForm

    private enum CodingKeys: String, CodingKey {
        case index, message, logprobs
        case finishReason = "finish_reason"
    }

    private enum LogprobsKeys: String, CodingKey {
        case content, refusal
    }

    private enum MessageKeys: String, CodingKey {
        case role, content, refusal
        case reasoningContent = "reasoning_content"
        case toolCalls = "tool_calls"
        case functionCall = "function_call"
    }

    /// By hand, because some of what is not there is `null` here, not left out.
    func encode(to encoder: any Encoder) throws {
        var choice = encoder.container(keyedBy: CodingKeys.self)
        try choice.encode(index, forKey: .index)
        try choice.encode(answer.reason.name(callForm), forKey: .finishReason)
        if answer.logprobs.isEmpty {
            try choice.encodeNil(forKey: .logprobs)
        } else {
            var logprobs = choice.nestedContainer(keyedBy: LogprobsKeys.self, forKey: .logprobs)
            try logprobs.encode(answer.logprobs.map(ChatCompletionTokenLogprob.init), forKey: .content)
            try logprobs.encodeNil(forKey: .refusal)
        }
        try encodeMessage(into: choice.nestedContainer(keyedBy: MessageKeys.self, forKey: .message))
    }

    private func encodeMessage(into container: KeyedEncodingContainer<MessageKeys>) throws {
        var message = container
        try message.encode("assistant", forKey: .role)
        try message.encodeNil(forKey: .refusal)
        // Calls alone have no content at all.
        let hasContent = !answer.text.isEmpty || answer.toolCalls.isEmpty
        try message.encode(hasContent ? answer.text : nil, forKey: .content)
        if !answer.reasoning.isEmpty { try message.encode(answer.reasoning, forKey: .reasoningContent) }
        guard let first = answer.toolCalls.first else { return }
        switch callForm {
        case .toolCalls: try message.encode(answer.toolCalls.map(Call.init), forKey: .toolCalls)
        case .functionCall: try message.encode(Call.Function(first), forKey: .functionCall)
        }
    }

    private struct Call: Encodable {
        struct Function: Encodable {
            let name: String
            let arguments: String

            init(_ call: ToolCall) {
                name = call.name
                arguments = call.arguments
            }
        }

        let id: String
        let type = "function"
        let function: Function

        init(_ call: ToolCall) {
            id = call.id
            function = Function(call)
        }
    }
}
