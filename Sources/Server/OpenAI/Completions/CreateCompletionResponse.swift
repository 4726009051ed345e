import Inference

/// The reply to a completion request that does not stream.
struct CreateCompletionResponse: Encodable, Sendable {
    let id: String
    let object = "text_completion"
    let created: Int
    let model: String
    let systemFingerprint: String
    let choices: [CompletionChoice]
    let usage: CompletionUsage

    enum CodingKeys: String, CodingKey {
        case id, object, created, model, choices, usage
        case systemFingerprint = "system_fingerprint"
    }
}

/// A choice of a reply.
struct CompletionChoice: Encodable, Sendable {
    let text: String
    let index: Int
    /// Only where they were asked for.
    let logprobs: CompletionLogprobs?
    let finishReason: FinishReason

    private enum CodingKeys: String, CodingKey {
        case text, index, logprobs
        case finishReason = "finish_reason"
    }

    /// By hand, because what is not there is `null` here, not left out.
    func encode(to encoder: any Encoder) throws {
        var choice = encoder.container(keyedBy: CodingKeys.self)
        try choice.encode(text, forKey: .text)
        try choice.encode(index, forKey: .index)
        try choice.encode(logprobs, forKey: .logprobs)
        try choice.encode(finishReason.rawValue, forKey: .finishReason)
    }
}

extension CreateCompletionResponse {
    init(_ identity: CompletionIdentity, _ answers: [GatheredAnswer], includesLogprobs: Bool, _ usage: TokenUsage) {
        self.init(
            id: identity.id, created: identity.created, model: identity.model,
            systemFingerprint: identity.systemFingerprint,
            choices: answers.enumerated().map { index, answer in
                var place = TokenPlace()
                place.add(answer.text)
                return CompletionChoice(
                    text: answer.text, index: index,
                    logprobs: includesLogprobs ? CompletionLogprobs(answer.logprobs, at: &place) : nil,
                    finishReason: answer.reason)
            },
            usage: CompletionUsage(usage))
    }
}
