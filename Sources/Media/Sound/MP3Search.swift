import Inference

/// Looks for where MP3 begins: it has no signature, only frames one after the other.
enum MP3Search {
    /// Bytes in which the first frame is looked for.
    static let window = 64 << 10
    /// A frame's head is 11 bits that are set and few that are not free, which chance brings about often. So many in a
    /// row, of one rate, it does not.
    private static let frames = 4

    /// The offset of the first frame.
    ///
    /// - Parameter isWhole: whether the bytes reach to the file's end, where fewer frames will do, but not one in a place
    ///   other than the first.
    static func firstFrame(in bytes: [UInt8], isWhole: Bool) -> Int? {
        let reader = ByteReader(bytes[...])
        return bytes.indices.first { offset in
            guard bytes[offset] == 0xFF else { return false }
            var next = offset
            var first: Int?
            for count in 0..<frames {
                if next >= bytes.count { return isWhole ? count > 1 || offset == 0 : count > 1 }
                guard let head = reader.big(next, count: 4), let frame = MP3Frame(head: head),
                    isAlike(first ?? head, head)
                else { return isWhole && isTrailer(bytes[next...]) && (count > 1 || (count == 1 && offset == 0)) }
                first = head
                next += frame.length
            }
            return true
        }
    }

    /// Whether two frames may belong to one stream: version, layer and rate stay.
    private static func isAlike(_ one: Int, _ other: Int) -> Bool {
        (one ^ other) & 0xFFFE_0C00 == 0
    }

    /// Whether the bytes are what stands behind the last frame: too few for a head, or a tag.
    private static func isTrailer(_ bytes: ArraySlice<UInt8>) -> Bool {
        let reader = ByteReader(bytes)
        return bytes.count < 4 || reader.has("TAG", at: 0) || reader.has("APETAGEX", at: 0)
    }
}
