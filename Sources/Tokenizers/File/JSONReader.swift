/// Reads JSON (RFC 8259) from UTF-8 into a ``JSONTree``.
package struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Far more than files of tokenizers have, far less than the stack bears.
    private static let deepest = 64

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: ``TokenizerFileError/malformed(_:)`` that says at which byte.
    package static func read(_ bytes: [UInt8]) throws(TokenizerFileError) -> JSONTree {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("nothing more") }
        return value
    }

    private func error(_ expected: String) -> TokenizerFileError {
        .malformed("expected \(expected) at byte \(position)")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(TokenizerFileError) {
        guard skip(character) else { throw error("\"\(character)\"") }
    }

    private mutating func value() throws(TokenizerFileError) -> JSONTree {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested { reader throws(TokenizerFileError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(TokenizerFileError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(TokenizerFileError) -> JSONTree
    ) throws(TokenizerFileError) -> JSONTree {
        guard depth < Self.deepest else { throw error("no more than \(Self.deepest) levels") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func object() throws(TokenizerFileError) -> JSONTree {
        try expect("{")
        var members: [JSONTree.Member] = []
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            let key = try string()
            try expect(":")
            members.append(JSONTree.Member(key: key, value: try value()))
        } while skip(",")
        try expect("}")
        return .object(members)
    }

    private mutating func array() throws(TokenizerFileError) -> JSONTree {
        try expect("[")
        var elements: [JSONTree] = []
        if skip("]") { return .array(elements) }
        repeat { elements.append(try value()) } while skip(",")
        try expect("]")
        return .array(elements)
    }

    private mutating func word(_ text: String, _ value: JSONTree) throws(TokenizerFileError) -> JSONTree {
        let end = position + text.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.utf8) else {
            throw error("\"\(text)\"")
        }
        position = end
        return value
    }

    private mutating func number() throws(TokenizerFileError) -> Double {
        let start = position
        while let byte = next, isPartOfNumber(byte) { position += 1 }
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite else {
            position = start
            throw error("a value")
        }
        return number
    }

    private func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func string() throws(TokenizerFileError) -> String {
        try expect("\"")
        var start = position
        var text = ""
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                text.unicodeScalars.append(try escaped())
                start = position
            case 0..<0x20:
                throw error("an escape in place of a control character")
            default:
                position += 1
            }
        }
        throw error("the string's end")
    }

    /// What stands behind a backslash.
    private mutating func escaped() throws(TokenizerFileError) -> Unicode.Scalar {
        guard let byte = next else { throw error("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedCodeUnits()
        default: throw error("an escape")
        }
    }

    /// One UTF-16 code unit in four hexadecimal digits, or a pair of surrogates in two such escapes.
    private mutating func escapedCodeUnits() throws(TokenizerFileError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        guard UTF16.isLeadSurrogate(unit), next == UInt8(ascii: "\\") else { throw error("a pair of surrogates") }
        position += 1
        guard next == UInt8(ascii: "u") else { throw error("a pair of surrogates") }
        position += 1
        let trail = try codeUnit()
        guard UTF16.isTrailSurrogate(trail) else { throw error("a pair of surrogates") }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func codeUnit() throws(TokenizerFileError) -> UInt16 {
        let end = position + 4
        guard end <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+")
        else { throw error("four hexadecimal digits") }
        position = end
        return unit
    }
}
