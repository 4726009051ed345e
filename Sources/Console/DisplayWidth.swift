extension Character {
    /// Columns of a terminal that the character takes: two for East Asian wide ones and pictographs, none for what joins
    /// the character before it or shows nothing, else one.
    public var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return 0
        default: return Self.isWide(first.value) ? 2 : 1
        }
    }

    /// The blocks that Unicode's annex 11 has as wide, or that terminals show so.
    private static func isWide(_ scalar: UInt32) -> Bool {
        guard scalar >= 0x1100 else { return false }
        return wideBlocks.contains { $0.contains(scalar) }
    }

    private static let wideBlocks: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653,
        0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
        0x274C...0x274C, 0x2753...0x2755, 0x2795...0x2797, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2E80...0x303E,
        0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
        0x1F1E6...0x1F202, 0x1F210...0x1F23B, 0x1F240...0x1F248, 0x1F250...0x1F251, 0x1F300...0x1F64F,
        0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}

extension StringProtocol {
    /// Columns of a terminal that the text takes.
    public var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text with spaces after it, up to a width.
    public func padded(to width: Int) -> String {
        String(self) + String(repeating: " ", count: Swift.max(0, width - displayWidth))
    }

    /// The text with spaces before it, up to a width.
    public func rightAligned(to width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - displayWidth)) + String(self)
    }

    /// As much of the text as fits, its end marked where something is left out.
    public func shortened(to width: Int, ellipsis: String = "...") -> String {
        guard displayWidth > width else { return String(self) }
        let mark = ellipsis.displayWidth < width ? ellipsis : ""
        let kept = prefix(fitting: width - mark.displayWidth)
        // No space before what is left out.
        return String(kept.reversed().drop { $0 == " " }.reversed()) + mark
    }

    /// The longest start that takes at most this many columns.
    func prefix(fitting width: Int) -> SubSequence {
        var room = width
        return prefix { character in
            room -= character.displayWidth
            return room >= 0
        }
    }

    /// Lines of at most this width, broken at spaces, and within words that are wider themselves. Never empty.
    public func wrapped(to width: Int) -> [String] {
        var lines = [""]
        var used = 0
        for word in split(separator: " ") {
            var word = word[...]
            let wide = word.displayWidth
            if used > 0, used + 1 + wide <= width {
                lines[lines.count - 1] += " " + word
                used += 1 + wide
                continue
            }
            if used > 0 { lines.append("") }
            while word.displayWidth > width {
                let piece = word.prefix(fitting: Swift.max(2, width))
                lines[lines.count - 1] = String(piece)
                lines.append("")
                word = word[piece.endIndex...]
            }
            lines[lines.count - 1] = String(word)
            used = word.displayWidth
        }
        return lines
    }
}
