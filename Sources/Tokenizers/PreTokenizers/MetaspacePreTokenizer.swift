/// SentencePiece's way with space: it becomes a visible character that words begin with.
struct MetaspacePreTokenizer: PreTokenizer {
    /// Whether a piece that does not begin with the character gets one.
    enum Prefix: String {
        case always, first, never
    }

    /// Mostly `▁`, U+2581.
    var replacement: Unicode.Scalar
    var prefix: Prefix
    var splits: Bool

    func split(_ piece: TextPiece, _ body: (TextPiece) -> Void) {
        var text = piece.scalars.map { $0 == " " ? replacement : $0 }[...]
        if text.first != replacement, prefix == .always || prefix == .first && piece.startsText {
            text.insert(replacement, at: text.startIndex)
        }
        let piece = TextPiece(scalars: text, startsText: piece.startsText)
        guard splits else { return body(piece) }
        var start = text.startIndex
        for index in text.indices.dropFirst() where text[index] == replacement {
            body(piece.part(text[start..<index]))
            start = index
        }
        body(piece.part(text[start...]))
    }
}
