import Inference

extension LlamaStack {
    /// Why an answer ended.
    enum StopReason: String, CaseIterable, Encodable, Sendable {
        case endOfTurn = "end_of_turn"
        /// A tool is to be called.
        case endOfMessage = "end_of_message"
        case outOfTokens = "out_of_tokens"

        init(_ reason: FinishReason) {
            switch reason {
            case .stop: self = .endOfTurn
            case .toolCalls: self = .endOfMessage
            case .length: self = .outOfTokens
            }
        }
    }
}
