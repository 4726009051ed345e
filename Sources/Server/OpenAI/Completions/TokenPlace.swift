/// Where the next token begins in a text that grows.
///
/// A token may end within a character. One that stands for no text, such as the marker that a model puts before every
/// prompt, is told of by a name that is not in the text, and takes no place in it.
struct TokenPlace: Sendable {
    /// Whole Unicode scalars before it.
    private(set) var offset = 0
    /// The text from here on, as far as it has come.
    private var rest: ArraySlice<UInt8> = []
    /// The beginning of a scalar that is not whole yet.
    private var begun: [UInt8] = []

    /// The text has grown.
    mutating func add(_ text: String) {
        rest += text.utf8
    }

    /// Moves on by a token; its text has come already.
    mutating func pass(_ token: [UInt8]) {
        let bytes = begun + token
        let count = bytes.count - Self.unfinished(bytes)
        // What is not UTF-8 shows as the replacement characters that stand for it in the text.
        let whole = String(decoding: bytes[..<count], as: UTF8.self)
        guard rest.starts(with: whole.utf8) else { return }
        offset += whole.unicodeScalars.count
        rest = rest.dropFirst(whole.utf8.count)
        begun = Array(bytes[count...])
    }

    /// How many bytes at the end begin a scalar and do not complete it.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if UTF8.isContinuation(byte) { continue }
            let needed = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1
            return length < needed ? length : 0
        }
        return 0
    }
}
