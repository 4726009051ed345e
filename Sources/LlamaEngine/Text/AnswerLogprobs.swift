import Inference

/// Holds the log-probabilities of tokens back until their text is shown, so that both come together and nothing is
/// told of tokens that became part of a stop sequence.
struct AnswerLogprobs {
    private var waiting: [(range: Range<Int>, logprob: TokenLogprob)] = []
    private var length = 0

    /// A token that adds so many bytes to the answer.
    mutating func append(_ logprob: TokenLogprob, adding count: Int) {
        waiting.append((length..<(length + count), logprob))
        length += count
    }

    /// The tokens whose bytes are all among the first `shown` of the answer.
    mutating func take(shown: Int) -> [TokenLogprob] {
        let count = waiting.firstIndex { $0.range.upperBound > shown } ?? waiting.count
        defer { waiting.removeFirst(count) }
        return waiting[..<count].map(\.logprob)
    }

    /// The rest, where the answer ends after the first `shown` bytes: a token that is cut by the end is still told of.
    mutating func finish(shown: Int) -> [TokenLogprob] {
        defer { waiting.removeAll() }
        return waiting.filter { $0.range.lowerBound < shown || $0.range.upperBound <= shown }.map(\.logprob)
    }
}
