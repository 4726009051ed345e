import Inference

extension ChatRequest {
    /// The domain's request out of the wire's, which has been checked whole.
    init(_ wire: LlamaStack.ChatCompletionRequest) {
        self.init(
            messages: wire.messages.map(ChatMessage.init), tools: wire.tools,
            toolChoice: wire.tools.isEmpty ? .none : ToolChoice(wire.toolChoice),
            outputFormat: wire.responseFormat,
            parameters: GenerationParameters(
                sampling: SamplingParameters(wire.samplingParams),
                maximumTokens: wire.samplingParams.maxTokens == 0 ? nil : wire.samplingParams.maxTokens,
                topLogprobs: wire.topLogprobs))
    }
}

extension ChatMessage {
    fileprivate init(_ message: LlamaStack.Message) {
        switch message {
        case .system(let message):
            self.init(role: .system, content: message.content)
        case .user(let message):
            let texts = [message.context, message.content].compactMap { $0 }
            self.init(role: .user, content: texts.joined(separator: "\n\n"))
        case .assistant(let message):
            self.init(role: .assistant, content: message.content, toolCalls: message.toolCalls)
        case .ipython(let message):
            self.init(role: .tool, content: message.content, name: message.toolName, toolCallID: message.callID)
        }
    }
}

extension Inference.ToolChoice {
    fileprivate init(_ choice: LlamaStack.ToolChoice) {
        switch choice {
        case .auto: self = .auto
        case .required: self = .required
        }
    }
}

extension SamplingParameters {
    /// What the strategy lets act.
    fileprivate init(_ wire: LlamaStack.SamplingParams) {
        switch wire.strategy {
        case .greedy: self = .greedy
        case .topP: self.init(temperature: wire.temperature, topP: wire.topP)
        case .topK: self.init(temperature: wire.temperature, topK: wire.topK)
        }
        repetitionPenalty = wire.repetitionPenalty
    }
}
