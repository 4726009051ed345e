/// The text of a transcript as it grows by its segments, without spaces at its ends.
struct TranscriptText: Sendable {
    private(set) var text = ""
    /// Spaces that belong to it only if more follows.
    private var spaces = ""

    /// Adds a segment's text.
    ///
    /// - Returns: what the text has grown by.
    mutating func add(_ piece: String) -> String {
        let core = Self.trimmed(piece)
        guard !core.isEmpty else {
            spaces += piece
            return ""
        }
        let before = text.isEmpty ? "" : spaces + piece.prefix { $0.isWhitespace }
        spaces = String(piece.reversed().prefix { $0.isWhitespace }.reversed())
        text += before + core
        return before + core
    }

    /// Without spaces at both ends.
    static func trimmed(_ text: String) -> String {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
