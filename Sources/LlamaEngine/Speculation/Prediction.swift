/// Drafts an answer's next tokens from a text that it is likely to repeat in long stretches.
///
/// A draft is verified by evaluating its tokens in one batch, and kept as far as the model would have chosen the same
/// tokens (Leviathan et al. 2022, "Fast Inference from Transformers via Speculative Decoding", with a text in place of
/// a smaller model). Where the answer has left the text, the place to go on from is found by the answer's last tokens,
/// as in prompt lookup decoding (Saxena 2023).
///
/// Following the text costs O(1) a token. Finding the place again looks at the places of one pair of tokens.
package struct Prediction: Sendable {
    private struct Pair: Hashable, Sendable {
        var first: Int32
        var second: Int32
    }

    private static let first = 16
    private static let afterReturn = 8
    private static let longest = 32

    private let tokens: [Int32]
    /// Where each pair of tokens ends in the text, in order.
    private let ends: [Pair: [Int]]
    /// The place in the text that the answer has come to; `nil` where it has left the text.
    private var position: Int?
    /// Where it was last in the text.
    private var lastPosition = 0
    private var previous: Int32?
    /// How many tokens the next draft may have.
    private var reach = Prediction.first

    package init(_ tokens: [Int32]) {
        self.tokens = tokens
        position = tokens.isEmpty ? nil : 0
        var ends: [Pair: [Int]] = [:]
        for end in tokens.indices.dropFirst() {
            ends[Pair(first: tokens[end - 1], second: tokens[end]), default: []].append(end)
        }
        self.ends = ends
    }

    /// What may come next: at most `limit` tokens, none where nothing is known.
    package func draft(limit: Int) -> ArraySlice<Int32> {
        guard let position, limit > 0 else { return [] }
        return tokens[position...].prefix(min(reach, limit))
    }

    /// The answer went on with this token.
    package mutating func follow(_ token: Int32) {
        defer { previous = token }
        if let here = position, here < tokens.count, tokens[here] == token {
            position = here + 1
            lastPosition = here + 1
            return
        }
        guard let previous, let places = ends[Pair(first: previous, second: token)] else {
            position = nil
            return
        }
        // An edited text goes on after what was edited; only where nothing follows it has gone back.
        guard let end = places.first(where: { $0 >= lastPosition }) ?? places.last else { return }
        position = end + 1
        lastPosition = end + 1
        reach = Self.afterReturn
    }

    /// A draft of `count` tokens was verified. Long drafts cost most where they are wrong, so their length follows how
    /// far the last ones held.
    package mutating func record(drafted count: Int, accepted: Int) {
        reach = accepted == count ? min(max(2 * count, reach), Self.longest) : max(Self.afterReturn, accepted)
    }
}
