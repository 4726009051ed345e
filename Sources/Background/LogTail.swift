/// The end of a log.
public enum LogTail {
    /// The last lines of a text, with their ends.
    public static func lines(_ count: Int, of bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
        guard count > 0 else { return [] }
        var left = count
        var start = bytes.endIndex
        while start != bytes.startIndex {
            let before = bytes.index(before: start)
            // The end of the last line does not begin another.
            if bytes[before] == UInt8(ascii: "\n"), start != bytes.endIndex {
                left -= 1
                if left == 0 { break }
            }
            start = before
        }
        return Array(bytes[start...])
    }
}
