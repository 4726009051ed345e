import Inference

/// Tokens of one request, as the model counts them.
struct CompletionUsage: Encodable, Sendable {
    let promptTokens: Int
    let completionTokens: Int
    let totalTokens: Int
    let promptTokensDetails: PromptTokensDetails
    let completionTokensDetails: CompletionTokensDetails

    struct PromptTokensDetails: Encodable, Sendable {
        let cachedTokens: Int
        let audioTokens = 0

        enum CodingKeys: String, CodingKey {
            case cachedTokens = "cached_tokens"
            case audioTokens = "audio_tokens"
        }
    }

    struct CompletionTokensDetails: Encodable, Sendable {
        let acceptedPredictionTokens: Int
        let audioTokens = 0
        let reasoningTokens: Int
        let rejectedPredictionTokens: Int

        enum CodingKeys: String, CodingKey {
            case acceptedPredictionTokens = "accepted_prediction_tokens"
            case audioTokens = "audio_tokens"
            case reasoningTokens = "reasoning_tokens"
            case rejectedPredictionTokens = "rejected_prediction_tokens"
        }
    }

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
        case promptTokensDetails = "prompt_tokens_details"
        case completionTokensDetails = "completion_tokens_details"
    }

    init(_ usage: TokenUsage) {
        promptTokens = usage.promptTokens
        completionTokens = usage.completionTokens
        totalTokens = usage.promptTokens + usage.completionTokens
        promptTokensDetails = PromptTokensDetails(cachedTokens: usage.cachedPromptTokens)
        completionTokensDetails = CompletionTokensDetails(
            acceptedPredictionTokens: usage.acceptedPredictionTokens, reasoningTokens: usage.reasoningTokens,
            rejectedPredictionTokens: usage.rejectedPredictionTokens)
    }
}
