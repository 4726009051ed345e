import Inference

extension ChatRequest {
    /// The domain's request out of the wire's, which has been checked whole.
    init(_ wire: CreateResponseRequest) {
        var sampling = SamplingParameters()
        sampling.temperature = wire.temperature ?? sampling.temperature
        sampling.topP = wire.topP ?? sampling.topP
        let instructions = wire.instructions.map { ChatMessage(role: .system, content: $0) }
        self.init(
            messages: (instructions.map { [$0] } ?? []) + [ChatMessage](wire.input?.items ?? []),
            tools: wire.tools.tools, toolChoice: wire.tools.choice,
            allowsParallelToolCalls: wire.tools.allowsParallelCalls, outputFormat: wire.format,
            reasoningEffort: wire.reasoningEffort,
            parameters: GenerationParameters(
                sampling: sampling, maximumTokens: wire.maximumTokens, topLogprobs: wire.topLogprobs))
    }
}

extension [ChatMessage] {
    /// The messages of a conversation out of its items: what the model thought, said and called in one turn are items
    /// of their own, and one message.
    init(_ items: [ResponseInputItem]) {
        self = []
        var names: [String: String] = [:]
        var thoughts: String?
        for item in items {
            switch item {
            case .reasoning(let text):
                thoughts = thoughts.map { $0 + "\n" + text } ?? text
            case .message(role: .assistant, let text):
                append(ChatMessage(role: .assistant, content: text, reasoning: thoughts.take()))
            case .functionCall(let call):
                names[call.id] = call.name
                if thoughts == nil, let last = indices.last, self[last].role == .assistant {
                    self[last].toolCalls.append(call)
                } else {
                    append(
                        ChatMessage(role: .assistant, content: "", toolCalls: [call], reasoning: thoughts.take()))
                }
            case .functionCallOutput(let id, let output):
                flush(&thoughts)
                append(ChatMessage(role: .tool, content: output, name: names[id], toolCallID: id))
            case .message(let role, let text):
                flush(&thoughts)
                append(ChatMessage(role: role, content: text))
            }
        }
        flush(&thoughts)
    }

    /// Thoughts that no answer followed: the answer was cut off before it began.
    private mutating func flush(_ thoughts: inout String?) {
        if let text = thoughts.take() { append(ChatMessage(role: .assistant, content: "", reasoning: text)) }
    }
}
