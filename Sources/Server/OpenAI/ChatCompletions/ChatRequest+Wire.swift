import Inference

extension ChatRequest {
    /// The domain's request out of the wire's, which has been checked whole.
    init(_ wire: CreateChatCompletionRequest) {
        var sampling = SamplingParameters()
        sampling.temperature = wire.temperature ?? sampling.temperature
        sampling.topP = wire.topP ?? sampling.topP
        sampling.topK = wire.topK ?? sampling.topK
        sampling.minP = wire.minP ?? sampling.minP
        sampling.frequencyPenalty = wire.frequencyPenalty ?? sampling.frequencyPenalty
        sampling.presencePenalty = wire.presencePenalty ?? sampling.presencePenalty
        sampling.repetitionPenalty = wire.repeatPenalty ?? sampling.repetitionPenalty
        sampling.logitBias = wire.logitBias?.biases ?? sampling.logitBias
        sampling.seed = wire.seed.map { UInt64(bitPattern: Int64($0)) }
        self.init(
            messages: wire.messages.map { ChatMessage(role: $0.role, content: $0.content, name: $0.name) },
            sampling: sampling, stop: wire.stop?.texts ?? [],
            // The older name gives way to the newer one.
            maximumTokens: wire.maxCompletionTokens ?? wire.maxTokens)
    }
}
