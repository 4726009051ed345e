/// Splits normalized text into the words that a model makes tokens of, each on its own.
protocol PreTokenizer: Sendable {
    /// - Parameter body: given each word in turn, never an empty one.
    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void)
}

/// A part of the text.
struct TextPiece {
    var scalars: ArraySlice<Unicode.Scalar>
    /// Whether the text begins with it.
    var startsText: Bool

    /// A part of this piece.
    func part(_ scalars: ArraySlice<Unicode.Scalar>) -> TextPiece {
        TextPiece(scalars: scalars, startsText: startsText && scalars.startIndex == self.scalars.startIndex)
    }
}

/// Every word of one is split further by the next.
struct PreTokenizerSequence: PreTokenizer {
    var steps: [any PreTokenizer]

    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        split(piece, by: steps[...], body)
    }

    private func split(_ piece: TextPiece, by steps: ArraySlice<any PreTokenizer>, _ body: (TextPiece) -> Void) {
        guard let first = steps.first else { return body(piece) }
        first.split(piece) { split($0, by: steps.dropFirst(), body) }
    }
}

/// Splits at space, which is dropped.
struct WhitespaceSplitPreTokenizer: PreTokenizer {
    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        for word in piece.scalars.split(whereSeparator: \.isSpace) { body(piece.part(word)) }
    }
}

/// Splits at space, which is dropped, and makes every punctuation character a word of its own.
struct BERTPreTokenizer: PreTokenizer {
    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        let text = piece.scalars
        var start = text.startIndex
        for index in text.indices {
            let isPunctuation = text[index].isBERTPunctuation
            guard isPunctuation || text[index].isSpace else { continue }
            if start < index { body(piece.part(text[start..<index])) }
            if isPunctuation { body(piece.part(text[index...index])) }
            start = index + 1
        }
        if start < text.endIndex { body(piece.part(text[start...])) }
    }
}

/// Splits at the matches of a pattern.
struct SplitPreTokenizer: PreTokenizer {
    enum Behavior: String {
        /// Delimiters are dropped.
        case removed = "Removed"
        /// Every delimiter is a word of its own.
        case isolated = "Isolated"
    }

    var pattern: TextPattern
    var behavior: Behavior
    /// Takes for delimiters what the pattern does not match.
    var inverts: Bool

    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        pattern.forEachPart(of: piece.scalars) { part, matches in
            let isDelimiter = matches != inverts
            if !isDelimiter || behavior == .isolated { body(piece.part(part)) }
        }
    }
}
