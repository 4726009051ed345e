import Inference

/// The reply to a chat request that does not stream.
struct CreateChatCompletionResponse: Encodable, Sendable {
    let id: String
    let object = "chat.completion"
    let created: Int
    let model: String
    let systemFingerprint: String
    /// Only where the request named a tier.
    let serviceTier: String?
    let choices: [Choice]
    let usage: CompletionUsage

    enum CodingKeys: String, CodingKey {
        case id, object, created, model, choices, usage
        case systemFingerprint = "system_fingerprint"
        case serviceTier = "service_tier"
    }

    struct Choice: Encodable, Sendable {
        let index = 0
        let content: String
        let finishReason: GenerationEvent.FinishReason

        private enum CodingKeys: String, CodingKey {
            case index, message, logprobs, role, content, refusal
            case finishReason = "finish_reason"
        }

        /// By hand, because what is not there is `null` here, not left out.
        func encode(to encoder: any Encoder) throws {
            var choice = encoder.container(keyedBy: CodingKeys.self)
            try choice.encode(index, forKey: .index)
            try choice.encodeNil(forKey: .logprobs)
            try choice.encode(finishReason.rawValue, forKey: .finishReason)
            var message = choice.nestedContainer(keyedBy: CodingKeys.self, forKey: .message)
            try message.encode("assistant", forKey: .role)
            try message.encode(content, forKey: .content)
            try message.encodeNil(forKey: .refusal)
        }
    }
}
