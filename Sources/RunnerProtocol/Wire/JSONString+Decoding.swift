/// Reads what ``NIOCore/ByteBuffer/writeJSONEscaped(_:)`` wrote, and any other JSON string without surrogate
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
                guard let digit = iterator.next().flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
                    return nil
                }
                value = value << 4 | UInt32(digit)
            }
            guard let scalar = UnicodeScalar(value) else { return nil }
            bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: return nil
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
