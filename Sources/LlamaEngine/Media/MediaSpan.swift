/// A stretch of a prompt that is a picture or a sound: embeddings are evaluated where its tokens stand.
package struct MediaSpan: Sendable {
    /// Where in the prompt its tokens are; never empty, and never at the prompt's end.
    package var range: Range<Int>
    /// One row for each of its tokens.
    package var embeddings: [Float]
    /// Whether its embeddings attend to those after them too, so that they have to be evaluated together.
    package var attendsForward: Bool

    package init(range: Range<Int>, embeddings: [Float], attendsForward: Bool = false) {
        precondition(!range.isEmpty && embeddings.count.isMultiple(of: range.count), "every token has one row")
        self.range = range
        self.embeddings = embeddings
        self.attendsForward = attendsForward
    }

    /// What is evaluated next where all before `start` has been.
    func batch(from start: Int, sequence: Int, limit: Int) -> EmbeddingBatch {
        let count = attendsForward ? range.upperBound - start : min(limit, range.upperBound - start)
        let width = embeddings.count / range.count
        let first = (start - range.lowerBound) * width
        return EmbeddingBatch(
            values: embeddings[first..<(first + count * width)], count: count, position: start, sequence: sequence,
            attendsForward: attendsForward)
    }
}
