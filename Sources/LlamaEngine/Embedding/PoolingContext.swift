import Inference

/// What embedding needs of a model's working memory: texts evaluated together, each pooled into a vector.
///
/// Owned and called by one thread alone.
package protocol PoolingContext: SendableMetatype {
    /// Tokens that texts are packed to; one text may have more.
    var tokenBudget: Int { get }
    /// Texts that one call may have.
    var textCapacity: Int { get }
    /// Components of a vector.
    var dimensions: Int { get }

    /// Evaluates texts: several that keep to the budget together, or one of any length that the model reads.
    ///
    /// - Parameter vectors: where the texts' vectors go, row after row, as the model gives them; at least
    ///   `texts.count × dimensions` long.
    /// - Throws: ``InferenceError`` of kind `internal` where the engine fails; the next texts can go well.
    mutating func pool(_ texts: [[Int32]], into vectors: inout [Float]) throws(InferenceError)

    /// Computes with this many threads from the next call on.
    mutating func setThreads(_ count: Int)
}
