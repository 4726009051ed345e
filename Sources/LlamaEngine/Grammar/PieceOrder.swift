import SystemSupport

/// A vocabulary's tokens by the text they stand for, each followed by those that it is the beginning of.
///
/// A grammar that does not allow a text allows nothing that begins with it, so whoever walks the tokens in this order
/// asks of most of them nothing: where one is refused, all that begin with it are passed over.
package final class PieceOrder: Sendable {
    struct Tables: Sendable {
        /// Tokens that stand for text, by its bytes.
        var tokens: [Int32]
        /// For each place of `tokens`, the place after the last token that begins with this one.
        var ends: [Int32]
        /// Tokens that stand for none: control tokens.
        var textless: [Int32]
    }

    let tokenizer: Tokenizer
    private let tables = Locked<Tables?>(nil)

    package init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
    }

    /// Sorted when they are first wanted: O(n log n), some hundredths of a second, and not every model is asked for a
    /// form.
    func prepared() -> Tables {
        tables.withLock { tables in
            if let tables { return tables }
            let made = Self.tables(tokenizer)
            tables = made
            return made
        }
    }

    private static func tables(_ tokenizer: Tokenizer) -> Tables {
        let all = (0..<Int32(tokenizer.vocabularySize)).map { (token: $0, piece: tokenizer.piece(of: $0)) }
        let textless = all.filter(\.piece.isEmpty).map(\.token)
        let sorted = all.filter { !$0.piece.isEmpty }.sorted { $0.piece.lexicographicallyPrecedes($1.piece) }
        var ends = [Int32](repeating: Int32(sorted.count), count: sorted.count)
        // The tokens that the one at hand begins with, the shortest first.
        var open: [Int] = []
        for (place, (_, piece)) in sorted.enumerated() {
            while let last = open.last, !piece.starts(with: sorted[last].piece) {
                ends[last] = Int32(place)
                open.removeLast()
            }
            open.append(place)
        }
        return Tables(tokens: sorted.map(\.token), ends: ends, textless: textless)
    }
}
