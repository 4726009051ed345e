/// Numbers in a file's bytes, by the distance from their first; `nil` beyond their end.
struct ByteReader {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The bytes of a range.
    func slice(_ offset: Int, count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, bytes.count - offset >= count else { return nil }
        return bytes[(bytes.startIndex + offset)..<(bytes.startIndex + offset + count)]
    }

    /// The most significant byte first.
    func big(_ offset: Int, count: Int) -> Int? {
        slice(offset, count: count)?.reduce(0) { $0 << 8 | Int($1) }
    }

    /// The least significant byte first.
    func little(_ offset: Int, count: Int) -> Int? {
        slice(offset, count: count)?.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard let found = slice(offset, count: text.utf8CodeUnitCount) else { return false }
        return text.withUTF8Buffer { found.elementsEqual($0) }
    }
}
