extension LlamaStack {
    /// How tokens are chosen: the strategy says which of the other parameters act.
    struct SamplingParams: Decodable, Sendable {
        enum Strategy: String, CaseIterable {
            /// Always the most likely token; `temperature`, `top_p` and `top_k` do not act.
            case greedy
            /// `temperature` and `top_p` act.
            case topP = "top_p"
            /// `temperature` and `top_k` act.
            case topK = "top_k"
        }

        var strategy = Strategy.greedy
        /// 0, the default, is greedy under every strategy.
        var temperature: Float = 0
        var topP: Float = 0.95
        /// 0 keeps all tokens.
        var topK = 0
        var repetitionPenalty: Float = 1
        /// 0 is no limit but the model's context.
        var maxTokens = 0

        private enum CodingKeys: String, CodingKey {
            case strategy, temperature
            case topP = "top_p"
            case topK = "top_k"
            case repetitionPenalty = "repetition_penalty"
            case maxTokens = "max_tokens"
        }

        /// What holds where a request has none.
        init() {}

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            fields.require(.strategy, "one of " + Strategy.allCases.map(\.rawValue).joined(separator: ", "))
            strategy = fields.choice(.strategy, of: Strategy.self) ?? strategy
            temperature = fields.number(.temperature, in: 0...2) ?? temperature
            topP = fields.number(.topP, in: 0...1) ?? topP
            topK = fields.integer(.topK, in: 0...Int(Int32.max)) ?? topK
            repetitionPenalty = fields.number(.repetitionPenalty, above: 0, upTo: 2) ?? repetitionPenalty
            maxTokens = fields.integer(.maxTokens, in: 0 ... .max) ?? maxTokens
        }
    }
}
