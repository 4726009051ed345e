/// Walks JSON text (RFC 8259) by its bytes, strictly, without making values of it.
///
/// Foundation's decoder looks only at what is asked of it: it takes `01`, `"\q"` or `[1,]` wherever nobody decodes
/// them. What is handed on as text must be JSON for any reader.
struct JSONScanner {
    /// As deep as Foundation's decoder goes.
    static let maximumDepth = 512

    struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer

    /// The bytes must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Where the text's one value begins: behind spaces, and behind a byte order mark, which some programs write.
    var start: Int {
        let hasMark = byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF
        return skipSpace(hasMark ? 3 : 0)
    }

    /// Checks the text whole: one value and nothing else, in valid UTF-8.
    func validate() throws(Malformed) {
        guard skipSpace(try skipValue(start)) == bytes.count else { throw Malformed() }
    }

    /// The offset behind the value that begins at this one.
    func skipValue(_ offset: Int, depth: Int = 0) throws(Malformed) -> Int {
        guard depth < Self.maximumDepth else { throw Malformed() }
        switch byte(offset) {
        case UInt8(ascii: "{"): return try skipObject(offset, depth: depth) { _, _ in }
        case UInt8(ascii: "["): return try skipArray(offset, depth: depth) { _ in }
        case UInt8(ascii: "\""): return try skipString(offset)
        case UInt8(ascii: "t"): return try skip("true", offset)
        case UInt8(ascii: "f"): return try skip("false", offset)
        case UInt8(ascii: "n"): return try skip("null", offset)
        default: return try skipNumber(offset)
        }
    }

    /// The offset behind an object; `visit` is given where each key lies, quotes included, and where its value begins.
    func skipObject(
        _ offset: Int, depth: Int = 0, visit: (_ key: Range<Int>, _ value: Int) -> Void
    ) throws(Malformed) -> Int {
        var offset = skipSpace(offset + 1)
        if byte(offset) == UInt8(ascii: "}") { return offset + 1 }
        while true {
            guard byte(offset) == UInt8(ascii: "\"") else { throw Malformed() }
            let key = offset..<(try skipString(offset))
            offset = skipSpace(key.upperBound)
            guard byte(offset) == UInt8(ascii: ":") else { throw Malformed() }
            offset = skipSpace(offset + 1)
            visit(key, offset)
            offset = skipSpace(try skipValue(offset, depth: depth + 1))
            switch byte(offset) {
            case UInt8(ascii: ","): offset = skipSpace(offset + 1)
            case UInt8(ascii: "}"): return offset + 1
            default: throw Malformed()
            }
        }
    }

    /// The offset behind an array; `visit` is given where each element begins.
    func skipArray(_ offset: Int, depth: Int = 0, visit: (_ element: Int) -> Void) throws(Malformed) -> Int {
        var offset = skipSpace(offset + 1)
        if byte(offset) == UInt8(ascii: "]") { return offset + 1 }
        while true {
            visit(offset)
            offset = skipSpace(try skipValue(offset, depth: depth + 1))
            switch byte(offset) {
            case UInt8(ascii: ","): offset = skipSpace(offset + 1)
            case UInt8(ascii: "]"): return offset + 1
            default: throw Malformed()
            }
        }
    }

    /// The byte at an offset, and behind the end a 0, which JSON has nowhere.
    private func byte(_ offset: Int) -> UInt8 {
        offset < bytes.count ? bytes[offset] : 0
    }

    private func skipSpace(_ offset: Int) -> Int {
        var offset = offset
        while true {
            switch byte(offset) {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return offset
            }
        }
    }

    private func skip(_ literal: StaticString, _ offset: Int) throws(Malformed) -> Int {
        for index in 0..<literal.utf8CodeUnitCount where byte(offset + index) != literal.utf8Start[index] {
            throw Malformed()
        }
        return offset + literal.utf8CodeUnitCount
    }

    private func skipNumber(_ offset: Int) throws(Malformed) -> Int {
        var offset = byte(offset) == UInt8(ascii: "-") ? offset + 1 : offset
        if byte(offset) == UInt8(ascii: "0") {
            offset += 1
        } else {
            offset = try skipDigits(offset)
        }
        if byte(offset) == UInt8(ascii: ".") { offset = try skipDigits(offset + 1) }
        if byte(offset) | 0x20 == UInt8(ascii: "e") {
            let hasSign = byte(offset + 1) == UInt8(ascii: "+") || byte(offset + 1) == UInt8(ascii: "-")
            offset = try skipDigits(offset + (hasSign ? 2 : 1))
        }
        return offset
    }

    /// At least one.
    private func skipDigits(_ offset: Int) throws(Malformed) -> Int {
        var end = offset
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(end)) { end += 1 }
        guard end > offset else { throw Malformed() }
        return end
    }

    private func skipString(_ offset: Int) throws(Malformed) -> Int {
        var offset = offset + 1
        while true {
            switch byte(offset) {
            case UInt8(ascii: "\""): return offset + 1
            case UInt8(ascii: "\\"): offset = try skipEscape(offset + 1)
            case 0x00..<0x20: throw Malformed()
            case 0x20..<0x80: offset += 1
            default: offset = try skipCharacter(offset)
            }
        }
    }

    /// Behind the letter of an escape and, of a surrogate, the pair it needs.
    private func skipEscape(_ offset: Int) throws(Malformed) -> Int {
        switch byte(offset) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset + 1
        case UInt8(ascii: "u"):
            let unit = try codeUnit(offset + 1)
            guard 0xD800..<0xE000 ~= unit else { return offset + 5 }
            guard unit < 0xDC00, byte(offset + 5) == UInt8(ascii: "\\"), byte(offset + 6) == UInt8(ascii: "u"),
                0xDC00..<0xE000 ~= (try codeUnit(offset + 7))
            else { throw Malformed() }
            return offset + 11
        default:
            throw Malformed()
        }
    }

    /// Of four hexadecimal digits.
    private func codeUnit(_ offset: Int) throws(Malformed) -> UInt16 {
        var unit: UInt16 = 0
        for index in offset..<(offset + 4) {
            let digit = byte(index)
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt16(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt16(digit - UInt8(ascii: "A") + 10)
            default: throw Malformed()
            }
        }
        return unit
    }

    /// Behind a character of several bytes that is well-formed (The Unicode Standard, table 3-7).
    private func skipCharacter(_ offset: Int) throws(Malformed) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch byte(offset) {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw Malformed()
        }
        guard second.contains(byte(offset + 1)) else { throw Malformed() }
        for index in 2..<max(2, length) where byte(offset + index) & 0xC0 != 0x80 { throw Malformed() }
        return offset + length
    }
}

extension String {
    /// Whether the text is one JSON value.
    var isJSON: Bool {
        var text = self
        return text.withUTF8 { bytes in
            do {
                try JSONScanner(UnsafeRawBufferPointer(bytes)).validate()
                return true
            } catch {
                return false
            }
        }
    }
}
