import Inference

/// The tokens that a model expects before and behind every text, such as BERT's `[CLS]` and `[SEP]`.
struct TextFrame: Sendable, Equatable {
    let before: [Int32]
    let behind: [Int32]

    /// Looks at what the tokenizer puts around a text.
    init(_ tokenizer: Tokenizer) throws {
        let text = try tokenizer.tokens(of: "a", addingSpecial: false, readingMarkers: false)
        let framed = try tokenizer.tokens(of: "a", addingSpecial: true, readingMarkers: false)
        let start = framed.indices.first { framed[$0...].starts(with: text) } ?? 0
        before = Array(framed.prefix(start))
        behind = Array(framed.dropFirst(start + text.count))
    }

    /// Adds the tokens to each end that lacks them.
    func wrap(_ tokens: [Int32]) -> [Int32] {
        let begins = tokens.starts(with: before)
        // One and the same token cannot stand for both ends.
        let rest = begins ? tokens.dropFirst(before.count) : tokens[...]
        let ends = rest.suffix(behind.count).elementsEqual(behind)
        return (begins ? [] : before) + tokens + (ends ? [] : behind)
    }

    /// Leaves out the beginning or end of a text that is framed, not the frame.
    func shorten(_ tokens: [Int32], to length: Int, _ truncation: EmbeddingRequest.Truncation) -> [Int32] {
        let text = tokens.dropFirst(before.count).dropLast(behind.count)
        let kept = max(0, length - before.count - behind.count)
        return before + (truncation == .start ? text.suffix(kept) : text.prefix(kept)) + behind
    }
}
