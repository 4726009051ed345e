/// Classes of characters as the reference tokenizer (Hugging Face's `tokenizers`) knows them.
///
/// Some of its tables are of Unicode 8 and do not know later characters, and models were trained with them; here they
/// come from the standard library's tables and each character's age. Found by asking version 0.23 about every scalar.
extension Unicode.Scalar {
    /// Unicode's `White_Space`.
    var isSpace: Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) }
        return properties.isWhitespace
    }

    /// `\p{L}`, as of Unicode 16.
    var isLetter: Bool {
        if value < 0x80 { return (0x61...0x7A).contains(value | 0x20) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return exists(in: 16)
        default: return false
        }
    }

    /// `\p{N}`, as of Unicode 16.
    var isNumber: Bool {
        if value < 0x80 { return (0x30...0x39).contains(value) }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return exists(in: 16)
        default: return false
        }
    }

    /// Any ASCII character that is neither letter, digit, space nor control, and all of `\p{P}` as of Unicode 8.
    var isBERTPunctuation: Bool {
        if value < 0x80 { return (0x21...0x7E).contains(value) && !isLetter && !isNumber }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return exists(in: 8)
        default:
            // Punctuation when Unicode 8 came out, and something else since.
            return value == 0x166D || value == 0x111C9
        }
    }

    /// `\p{C}` without the unassigned, as of Unicode 8, and without tab and line ends.
    var isBERTControl: Bool {
        if self == "\t" || self == "\n" || self == "\r" { return false }
        switch properties.generalCategory {
        case .control, .format, .privateUse: return exists(in: 8)
        default: return false
        }
    }

    /// `\p{Mn}` as of Unicode 8: what BERT's normalizer strips as accents.
    var isNonspacingMark: Bool {
        if value < 0x300 { return false }
        switch value {
        // These marks have changed sides since Unicode 8.
        case 0x1734, 0x1171E: return true
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: return false
        default: return properties.generalCategory == .nonspacingMark && exists(in: 8)
        }
    }

    /// The blocks of Han ideographs that BERT's normalizer sets apart, with the original's gap at U+2B820.
    var isBERTIdeograph: Bool {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    /// `\w`: letters, marks, decimal digits, connectors and joiners, as of Unicode 16.
    var isPartOfWord: Bool {
        if value < 0x80 { return isLetter || isNumber || self == "_" }
        if properties.isAlphabetic || value == 0x200C || value == 0x200D { return exists(in: 16) }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return exists(in: 16)
        default: return false
        }
    }

    /// The canonical combining class, as of Unicode 9.
    var combiningClass: UInt8 {
        guard value >= 0x300, case let number = properties.canonicalCombiningClass.rawValue, number != 0 else {
            return 0
        }
        return exists(in: 9) ? number : 0
    }

    /// Whether a version of Unicode has it, by the version's first number.
    func exists(in version: Int) -> Bool { properties.age.map { $0.major <= version } ?? false }
}
