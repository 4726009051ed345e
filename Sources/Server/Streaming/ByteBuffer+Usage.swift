import Inference
import NIOCore

extension ByteBuffer {
    /// Writes the tokens of a request as chat and plain completions have them, the object that ``CompletionUsage`` is
    /// where a reply is encoded whole.
    mutating func writeUsage(_ usage: TokenUsage) {
        writeString(
            """
            {"prompt_tokens":\(usage.promptTokens),"completion_tokens":\(usage.completionTokens),\
            "total_tokens":\(usage.promptTokens + usage.completionTokens),\
            "prompt_tokens_details":{"cached_tokens":\(usage.cachedPromptTokens),"audio_tokens":0},\
            "completion_tokens_details":{"reasoning_tokens":\(usage.reasoningTokens),"audio_tokens":0,\
            "accepted_prediction_tokens":\(usage.acceptedPredictionTokens),\
            "rejected_prediction_tokens":\(usage.rejectedPredictionTokens)}}
            """)
    }
}
