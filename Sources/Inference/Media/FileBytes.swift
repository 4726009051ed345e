/// Numbers in a file's bytes; `nil` beyond its end.
struct FileBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func byte(_ offset: Int) -> Int? {
        bytes.indices.contains(offset) ? Int(bytes[offset]) : nil
    }

    /// The most significant byte first.
    func big(_ offset: Int, bytes length: Int) -> Int? {
        guard offset >= 0, count - offset >= length else { return nil }
        return bytes[offset..<(offset + length)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The least significant byte first.
    func little(_ offset: Int, bytes length: Int) -> Int? {
        guard offset >= 0, count - offset >= length else { return nil }
        return bytes[offset..<(offset + length)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        guard offset >= 0, count - offset >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    }
}
