/// What the scheduler needs of a model's working memory: one evaluation over a batch of tokens, and the cache of keys
/// and values that the tokens leave behind.
///
/// Owned and called by the scheduler's thread alone.
package protocol DecodingContext: SendableMetatype {
    /// Tokens that one sequence may have.
    var contextLength: Int { get }
    /// Tokens that one batch may have.
    var batchCapacity: Int { get }
    /// Tokens of one batch whose logits may be asked for.
    var outputCapacity: Int { get }
    /// Sequences that the cache tells apart; ids are below it.
    var sequenceCapacity: Int { get }
    /// Whether an arbitrary tail of a sequence can be dropped. Where it cannot, a cached sequence is reused whole or
    /// not at all.
    var canTruncate: Bool { get }

    /// Evaluates the batch and keeps its tokens in the cache.
    mutating func decode(_ batch: TokenBatch) -> DecodeOutcome

    /// Evaluates embeddings in place of tokens, which gives no logits, and keeps them in the cache.
    mutating func decode(_ embeddings: EmbeddingBatch) -> DecodeOutcome

    /// The logits after the token at this index of the last batch, which asked for them.
    func logits(at index: Int) -> Logits?

    /// Gives `target`, which must be empty, the first `length` tokens of `source`; shared, not computed again.
    func copyPrefix(of source: Int, to target: Int, length: Int)

    /// Drops all but the first `length` tokens of a sequence.
    ///
    /// - Returns: false where that cannot be done; the sequence is then as it was.
    func truncate(_ sequence: Int, to length: Int) -> Bool

    /// Computes with this many threads from the next batch on.
    mutating func setThreads(_ count: Int)
}

package enum DecodeOutcome: Equatable, Sendable {
    case done
    /// The cache has no room for the batch; nothing changed.
    case cacheFull
    /// The engine failed; the cache's state is unknown.
    case failed(code: Int32)
}

/// Tokens to be evaluated together, each with its sequence and its position in it.
package struct TokenBatch: Sendable {
    package private(set) var tokens: [Int32] = []
    package private(set) var positions: [Int32] = []
    package private(set) var sequences: [Int32] = []
    package private(set) var wantsLogits: [Bool] = []

    package init() {}

    package var count: Int { tokens.count }

    package mutating func append(_ token: Int32, position: Int, sequence: Int, wantsLogits: Bool) {
        tokens.append(token)
        positions.append(Int32(position))
        sequences.append(Int32(sequence))
        self.wantsLogits.append(wantsLogits)
    }

    package mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        sequences.removeAll(keepingCapacity: true)
        wantsLogits.removeAll(keepingCapacity: true)
    }
}

/// Embeddings of one sequence to be evaluated together.
package struct EmbeddingBatch: Sendable {
    /// Row after row, of equal length.
    package var values: ArraySlice<Float>
    /// Rows.
    package var count: Int
    /// The first row's position in its sequence.
    package var position: Int
    package var sequence: Int
    /// Whether each row attends to all others, not only to those before it.
    package var attendsForward: Bool
}
