/// ID3v2, the tag before a sound.
enum ID3Tag {
    /// Where what follows the tags begins; 0 without any.
    static func end(in file: SoundBytes) -> Int {
        var offset = 0
        // More than one is against the standard, and happens.
        for _ in 0..<8 {
            guard let length = length(ByteReader(file.read(offset, upTo: 10)[...])) else { break }
            offset = min(offset + length, file.count)
        }
        return offset
    }

    /// The length of a tag in bytes, with its head and foot (ID3v2.4.0, section 3).
    private static func length(_ head: ByteReader) -> Int? {
        guard head.has("ID3", at: 0), let flags = head.big(5, count: 1), let size = head.big(6, count: 4),
            size & 0x8080_8080 == 0
        else { return nil }
        // 7 bits of each byte count.
        let content = size & 0x7F | (size >> 1) & 0x3F80 | (size >> 2) & 0x1F_C000 | (size >> 3) & 0xFE0_0000
        return 10 + content + (flags & 0x10 == 0 ? 0 : 10)
    }
}
