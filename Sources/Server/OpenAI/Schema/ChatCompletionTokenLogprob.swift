import Inference

/// How likely the model thought a token, in a reply that is encoded whole.
struct ChatCompletionTokenLogprob: Encodable, Sendable {
    struct Candidate: Encodable, Sendable {
        /// The token's text; a part of a character shows as U+FFFD, and `bytes` has it exactly.
        let token: String
        let logprob: Float
        let bytes: [UInt8]

        init(_ bytes: [UInt8], _ logprob: Float?) {
            token = String(decoding: bytes, as: UTF8.self)
            self.logprob = logprob.wire
            self.bytes = bytes
        }
    }

    let chosen: Candidate
    let top: [Candidate]

    init(_ token: TokenLogprob) {
        chosen = Candidate(token.bytes, token.logprob)
        top = token.top.map { Candidate($0.bytes, $0.logprob) }
    }

    private enum CodingKeys: String, CodingKey {
        case topLogprobs = "top_logprobs"
    }

    func encode(to encoder: any Encoder) throws {
        try chosen.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(top, forKey: .topLogprobs)
    }
}
