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
    let choices: [ChatCompletionChoice]
    let usage: CompletionUsage

    enum CodingKeys: String, CodingKey {
        case id, object, created, model, choices, usage
        case systemFingerprint = "system_fingerprint"
        case serviceTier = "service_tier"
    }

    init(_ identity: ChatCompletionIdentity, _ gathered: GatheredAnswers, callForm: ToolCallForm) {
        id = identity.id
        created = identity.created
        model = identity.model
        systemFingerprint = identity.systemFingerprint
        serviceTier = identity.serviceTier
        choices = gathered.answers.enumerated().map { index, answer in
            ChatCompletionChoice(index: index, answer: answer, callForm: callForm)
        }
        usage = CompletionUsage(gathered.usage)
    }
}
