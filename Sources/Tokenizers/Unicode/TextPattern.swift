/// The regular expressions that tokenizers' files split and replace by, each matched by hand in one pass.
///
/// A general engine would be slower, could be driven into backtracking by a text, and differs between platforms in what
/// its character classes hold. Files with another expression are refused.
enum TextPattern: Sendable, Equatable {
    /// Exactly these scalars; at least one.
    case literal([Unicode.Scalar])
    /// `\s+`
    case whitespaceRun
    /// ` {2,}`
    case severalSpaces
    /// CLIP's: contractions, runs of letters, single numbers, runs of anything else but space.
    case clip
    /// GPT-2's: contractions, and runs of letters, of numbers, and of anything else, each with one space before it;
    /// runs of space without the one that belongs to what follows.
    case gpt2

    init?(expression: String) {
        switch expression {
        case #"\s+"#: self = .whitespaceRun
        case " {2,}": self = .severalSpaces
        case #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#: self = .clip
        case #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: self = .gpt2
        default: return nil
        }
    }

    /// Goes through a text from match to match, and through what lies between.
    ///
    /// - Parameter body: given each part, never empty, and whether it is a match.
    func forEachPart(of text: ArraySlice<Unicode.Scalar>, _ body: (ArraySlice<Unicode.Scalar>, Bool) -> Void) {
        var gap = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            guard let end = end(ofMatchAt: index, in: text) else {
                index += 1
                continue
            }
            if gap < index { body(text[gap..<index], false) }
            body(text[index..<end], true)
            index = end
            gap = end
        }
        if gap < index { body(text[gap..<index], false) }
    }

    /// Where the match that begins here ends; `nil` where none begins.
    private func end(ofMatchAt start: Int, in text: ArraySlice<Unicode.Scalar>) -> Int? {
        switch self {
        case .literal(let scalars):
            return text[start...].starts(with: scalars) ? start + scalars.count : nil
        case .whitespaceRun:
            let end = Self.endOfRun(.space, from: start, in: text)
            return end > start ? end : nil
        case .severalSpaces:
            let end = text[start...].firstIndex { $0 != " " } ?? text.endIndex
            return end - start >= 2 ? end : nil
        case .clip: return Self.endOfCLIPMatch(at: start, in: text)
        case .gpt2: return Self.endOfGPT2Match(at: start, in: text)
        }
    }

    private static func endOfCLIPMatch(at start: Int, in text: ArraySlice<Unicode.Scalar>) -> Int? {
        if let end = endOfContraction(at: start, in: text) { return end }
        switch CharacterClass(text[start]) {
        case .space: return nil
        case .number: return start + 1
        case let other: return endOfRun(other, from: start, in: text)
        }
    }

    private static func endOfGPT2Match(at start: Int, in text: ArraySlice<Unicode.Scalar>) -> Int {
        if let end = endOfContraction(at: start, in: text) { return end }
        let first = text[start] == " " ? start + 1 : start
        if first < text.endIndex, case let kind = CharacterClass(text[first]), kind != .space {
            return endOfRun(kind, from: first, in: text)
        }
        let end = endOfRun(.space, from: start, in: text)
        // `\s+(?!\S)` gives one back to what follows, if it can.
        return end < text.endIndex && end - start > 1 ? end - 1 : end
    }

    private static func endOfContraction(at start: Int, in text: ArraySlice<Unicode.Scalar>) -> Int? {
        guard text[start] == "'", start + 1 < text.endIndex else { return nil }
        let second = start + 2 < text.endIndex ? text[start + 2] : nil
        switch (text[start + 1], second) {
        case ("s", _), ("t", _), ("m", _), ("d", _): return start + 2
        case ("r", "e"), ("v", "e"), ("l", "l"): return start + 3
        default: return nil
        }
    }

    private static func endOfRun(
        _ kind: CharacterClass, from start: Int, in text: ArraySlice<Unicode.Scalar>
    ) -> Int {
        text[start...].firstIndex { CharacterClass($0) != kind } ?? text.endIndex
    }
}

/// What these patterns tell apart.
private enum CharacterClass {
    case letter, number, space, other

    init(_ scalar: Unicode.Scalar) {
        self = scalar.isLetter ? .letter : scalar.isNumber ? .number : scalar.isSpace ? .space : .other
    }
}
