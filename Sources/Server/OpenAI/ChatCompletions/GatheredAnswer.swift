import Inference

/// A whole answer.
struct GatheredAnswer: Sendable {
    let text: String
    let completion: GenerationEvent.Completion

    /// - Throws: what the events throw, and ``InferenceError`` where they end before the answer does.
    init<Events: AsyncSequence>(_ events: Events) async throws where Events.Element == [GenerationEvent] {
        var text = ""
        for try await batch in events {
            for event in batch {
                switch event {
                case .token(let more): text += more
                case .finished(let completion):
                    self.text = text
                    self.completion = completion
                    return
                }
            }
        }
        try Task.checkCancellation()
        throw InferenceError.endedEarly
    }
}

extension InferenceError {
    /// Events that end without saying so.
    static let endedEarly = InferenceError(
        .unavailable, "The model stopped before its answer was complete. Send the request again.",
        retryAfterSeconds: 1)
}

extension CreateChatCompletionResponse {
    init(_ identity: ChatCompletionIdentity, _ answer: GatheredAnswer) {
        self.init(
            id: identity.id, created: identity.created, model: identity.model,
            systemFingerprint: identity.systemFingerprint, serviceTier: identity.serviceTier,
            choices: [Choice(content: answer.text, finishReason: answer.completion.reason)],
            usage: CompletionUsage(answer.completion.usage))
    }
}
