import NIOCore

/// JSON strings (RFC 8259) on the path of every token, written and read as bytes.
///
/// A general coder costs tens of microseconds a call; this one copies runs of plain bytes and looks only at the few
/// that need an escape.
extension ByteBuffer {
    /// Writes `text` as a JSON string, quotes and all.
    public mutating func writeJSONString(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        writeJSONStringContents(text)
        writeInteger(UInt8(ascii: "\""))
    }

    /// Writes what stands between the quotes.
    public mutating func writeJSONStringContents(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var plainStart = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[plainStart..<index]))
                writeEscape(of: byte)
                plainStart = index + 1
            }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[plainStart...]))
        }
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case 0x22: writeStaticString("\\\"")
        case 0x5C: writeStaticString("\\\\")
        case 0x0A: writeStaticString("\\n")
        case 0x0D: writeStaticString("\\r")
        case 0x09: writeStaticString("\\t")
        default:
            let digits = Array("0123456789abcdef".utf8)
            writeStaticString("\\u00")
            writeInteger(digits[Int(byte >> 4)])
            writeInteger(digits[Int(byte & 15)])
        }
    }
}

/// Reads what ``NIOCore/ByteBuffer/writeJSONStringContents(_:)`` wrote, and any other JSON string without surrogate
/// escapes.
///
/// - Parameter contents: the bytes between the quotes.
/// - Returns: `nil` where they are no such string; a general decoder may know more.
func decodeJSONStringContents(_ contents: some RandomAccessCollection<UInt8>) -> String? {
    guard contents.contains(0x5C) else { return String(decoding: contents, as: UTF8.self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(contents.count)
    var iterator = contents.makeIterator()
    while let byte = iterator.next() {
        guard byte == 0x5C else {
            bytes.append(byte)
            continue
        }
        switch iterator.next() {
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "/"): bytes.append(0x2F)
        case UInt8(ascii: "\""): bytes.append(0x22)
        case UInt8(ascii: "\\"): bytes.append(0x5C)
        case UInt8(ascii: "u"):
            var value: UInt32 = 0
            for _ in 0..<4 {
                guard let digit = iterator.next().flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            guard let scalar = UnicodeScalar(value) else { return nil }
            bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: return nil
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
