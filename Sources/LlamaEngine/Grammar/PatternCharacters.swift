/// The characters that one place of a pattern stands for.
struct PatternCharacters {
    typealias Unsupported = PatternGrammar.Unsupported

    private var ranges: [ClosedRange<UInt32>]
    /// Whether it holds `\d` or its like, whose complement is another in every engine but for ASCII.
    private var isShorthand = false

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    private init(_ ranges: [ClosedRange<UInt32>], isShorthand: Bool = false) {
        self.ranges = ranges
        self.isShorthand = isShorthand
    }

    static let anyButLineEnds = PatternCharacters([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]).complement

    private static let digits = PatternCharacters([0x30...0x39], isShorthand: true)
    private static let words = PatternCharacters(
        [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A], isShorthand: true)
    private static let spaces = PatternCharacters([0x09...0x0D, 0x20...0x20], isShorthand: true)

    private var complement: PatternCharacters {
        var complement: [ClosedRange<UInt32>] = []
        var start: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > start { complement.append(start...(range.lowerBound - 1)) }
            start = max(start, range.upperBound + 1)
        }
        let end: UInt32 = isShorthand ? 0x7E : 0x10FFFF
        if start <= end { complement.append(start...end) }
        return PatternCharacters(complement.filter { $0.lowerBound <= end }, isShorthand: isShorthand)
    }

    // Reading.

    /// What follows a backslash.
    static func readingEscape(
        _ scalars: [Unicode.Scalar], _ position: inout Int, inClass: Bool = false
    ) throws(Unsupported) -> PatternCharacters {
        guard position < scalars.count else { throw Unsupported(reason: "it ends with a backslash") }
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "d": return digits
        case "D": return digits.complement
        case "w": return words
        case "W": return words.complement
        case "s": return spaces
        case "S": return spaces.complement
        case "t": return PatternCharacters("\t")
        case "n": return PatternCharacters("\n")
        case "r": return PatternCharacters("\r")
        case "f": return PatternCharacters("\u{C}")
        case "v": return PatternCharacters("\u{B}")
        case "b" where inClass: return PatternCharacters("\u{8}")
        case "x": return PatternCharacters(try hexadecimal(2, scalars, &position))
        case "u": return PatternCharacters(try hexadecimal(4, scalars, &position))
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar):
            return PatternCharacters(scalar)
        default: throw Unsupported(reason: "a grammar has nothing for \\\(scalar)")
        }
    }

    private static func hexadecimal(
        _ count: Int, _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(Unsupported) -> Unicode.Scalar {
        let digits = String(String.UnicodeScalarView(scalars[position...].prefix(count)))
        guard digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw Unsupported(reason: "one of its escapes is not a character") }
        position += count
        return scalar
    }

    /// What follows an opening bracket, up to the closing one.
    static func readingClass(
        _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(Unsupported) -> PatternCharacters {
        var set = PatternCharacters([])
        let isNegated = position < scalars.count && scalars[position] == "^"
        if isNegated { position += 1 }
        let first = position
        while position < scalars.count, scalars[position] != "]" || position == first {
            guard scalars[position] != "]" else { throw Unsupported(reason: "one of its classes is empty") }
            let start = try member(scalars, &position)
            let isRange =
                position + 1 < scalars.count && scalars[position] == "-" && scalars[position + 1] != "]"
            guard isRange else {
                set.ranges += start.ranges
                set.isShorthand = set.isShorthand || start.isShorthand
                continue
            }
            position += 1
            let end = try member(scalars, &position)
            guard let lower = start.single, let upper = end.single, lower <= upper else {
                throw Unsupported(reason: "one of its ranges cannot be read")
            }
            set.ranges.append(lower...upper)
        }
        guard position < scalars.count else { throw Unsupported(reason: "one of its classes has no end") }
        position += 1
        return isNegated ? set.complement : set
    }

    private static func member(
        _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(Unsupported) -> PatternCharacters {
        let scalar = scalars[position]
        position += 1
        return scalar == "\\" ? try readingEscape(scalars, &position, inClass: true) : PatternCharacters(scalar)
    }

    private var single: UInt32? {
        ranges.count == 1 && ranges[0].count == 1 && !isShorthand ? ranges[0].lowerBound : nil
    }

    // Writing.

    /// What may stand in a JSON string as it is.
    private static let plain: [ClosedRange<UInt32>] = [
        0x20...0x21, 0x23...0x5B, 0x5D...0x7E, 0xA0...0xD7FF, 0xE000...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0x10FFFF,
    ]
    private static let escapes: [(UInt32, String)] = [
        (0x22, #""\\\"""#), (0x5C, #""\\\\""#), (0x08, #""\\b""#), (0x09, #""\\t""#), (0x0A, #""\\n""#),
        (0x0C, #""\\f""#), (0x0D, #""\\r""#),
    ]

    /// One of the characters as JSON writes it in a string; `nil` where there is none.
    var jsonExpression: String? {
        let plain = ranges.flatMap { range in
            Self.plain.filter { $0.overlaps(range) }.map { $0.clamped(to: range) }
        }
        var alternatives = Self.escapes.filter { escape in ranges.contains { $0.contains(escape.0) } }.map(\.1)
        if !plain.isEmpty { alternatives.insert("[\(plain.map(Self.text).joined())]", at: 0) }
        guard let first = alternatives.first else { return nil }
        return alternatives.count == 1 ? first : "(\(alternatives.joined(separator: " | ")))"
    }

    private static func text(_ range: ClosedRange<UInt32>) -> String {
        range.count == 1 ? text(range.lowerBound) : "\(text(range.lowerBound))-\(text(range.upperBound))"
    }

    private static func text(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
