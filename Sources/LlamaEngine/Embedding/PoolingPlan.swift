/// How much of a batch of texts is evaluated at a time.
package struct PoolingPlan: Sendable, Equatable {
    /// Tokens that one text may have.
    package var contextLength: Int
    /// Tokens of one evaluation. Longer texts are evaluated in pieces, which only models can that look back alone.
    package var batchCapacity: Int
    /// Tokens that texts are packed to.
    package var tokenBudget: Int
    /// Texts of one evaluation.
    package var textCapacity: Int

    /// - Parameters:
    ///   - requestedContext: tokens a text may have; 0 is as many as the model was trained on, up to
    ///     ``CachePlan/defaultContext``.
    ///   - vocabularySize: tokens that a decoder scores after every token that it reads, asked or not.
    ///   - canTruncate: whether a sequence leaves cells in a cache. Otherwise it has a state, which costs its full size.
    package init(
        trainedContext: Int, requestedContext: Int, isBidirectional: Bool, vocabularySize: Int, canTruncate: Bool
    ) {
        // Beyond what it was trained on an encoder has no positions.
        let longest = requestedContext > 0 ? requestedContext : CachePlan.defaultContext
        contextLength = trainedContext > 0 ? min(trainedContext, longest) : longest
        textCapacity = canTruncate ? 64 : 8
        if isBidirectional {
            batchCapacity = max(contextLength, Self.usualBudget)
            tokenBudget = Self.usualBudget
        } else {
            let scored = Self.scoreBytes / (max(vocabularySize, 1) * MemoryLayout<Float>.size)
            batchCapacity = min(max(scored, 64), 2 * Self.usualBudget)
            tokenBudget = min(Self.usualBudget, batchCapacity)
        }
    }

    /// Larger packs are no faster: attention's cost grows with what lies in the batch, and the matrices are busy from
    /// half of this on. Smaller ones let short queries in sooner.
    private static let usualBudget = 256
    /// What the scores of one evaluation may take, in each of the two places that they lie.
    private static let scoreBytes = 256 << 20
}
