import Inference

/// The log-probabilities of a choice's tokens, or of some of them, as parallel arrays.
struct CompletionLogprobs: Encodable, Sendable {
    private(set) var tokens: [String] = []
    /// `nil` for the first token of an echoed prompt.
    private(set) var tokenLogprobs: [Float?] = []
    /// By the spelling of each candidate; the chosen token is always among them.
    private(set) var topLogprobs: [[String: Float]?] = []
    /// Where each token begins in the choice's text, in Unicode scalars.
    private(set) var textOffset: [Int] = []

    private enum CodingKeys: String, CodingKey {
        case tokens
        case tokenLogprobs = "token_logprobs"
        case topLogprobs = "top_logprobs"
        case textOffset = "text_offset"
    }

    /// - Parameter place: where the first of the tokens begins; moved past the last.
    init(_ logprobs: [TokenLogprob], at place: inout TokenPlace) {
        for token in logprobs {
            let spelling = CompletionTokenText.spelling(token.bytes)
            tokens.append(spelling)
            textOffset.append(place.offset)
            place.pass(token.bytes)
            guard token.logprob != nil else {
                tokenLogprobs.append(nil)
                topLogprobs.append(nil)
                continue
            }
            let logprob = token.logprob.wire
            // Two tokens may be spelt the same; the likelier one stays, and candidates come likeliest first.
            var top = [String: Float](minimumCapacity: token.top.count + 1)
            for candidate in token.top {
                let spelling = CompletionTokenText.spelling(candidate.bytes)
                if top[spelling] == nil { top[spelling] = Float?.some(candidate.logprob).wire }
            }
            if top[spelling] == nil { top[spelling] = logprob }
            tokenLogprobs.append(logprob)
            topLogprobs.append(top)
        }
    }
}
