/// The log-probabilities of one place of a text, taken before sampling changes the logits.
package struct RawScores {
    package let top: [(token: Int32, logprob: Float)]
    private let logits: [Float]
    /// ln Σ e^logit, taken off a logit to give its logarithm of the softmax.
    private let normalizer: Float

    /// - Parameter count: how many of the most likely tokens to name.
    /// - Returns: `nil` where the logits are no scores.
    package init?(_ logits: Logits, top count: Int) {
        let maximum = logits.maximum()
        guard maximum.isFinite else { return nil }
        let distribution = Distribution(logits, maximum: maximum, temperature: 1, floor: -.infinity)
        let normalizer = maximum + logarithm(distribution.total)
        self.logits = Array(logits.values)
        self.normalizer = normalizer
        top =
            count == 0
            ? []
            : Candidates.mostLikely(count, of: distribution).map { ($0.token, Self.finite($0.logit - normalizer)) }
    }

    package func logprob(of token: Int32) -> Float { Self.finite(logits[Int(token)] - normalizer) }

    /// A token that the model rules out has no logarithm that JSON could carry; −9999 stands for it, as in the API.
    private static func finite(_ logprob: Float) -> Float { max(logprob, -9999) }
}
