/// The bytes of text that each token of a byte-level vocabulary stands for.
package struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    /// Where each token's bytes begin, and where the last one's end.
    private var starts: [Int32] = [0]

    /// - Parameter tokens: the bytes by token; none for ids that stand for no text.
    package init(_ tokens: some Sequence<[UInt8]>) {
        for token in tokens {
            bytes += token
            starts.append(Int32(clamping: bytes.count))
        }
    }

    /// One more than the largest id.
    package var count: Int { starts.count - 1 }

    /// None for ids that the vocabulary does not have.
    package subscript(token: Int32) -> ArraySlice<UInt8> {
        guard 0 <= token, Int(token) < count else { return [] }
        return bytes[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])]
    }

    /// The text of tokens; what is no UTF-8 becomes U+FFFD.
    package func text(_ tokens: some Sequence<Int32>) -> String {
        String(decoding: tokens.flatMap { self[$0] }, as: UTF8.self)
    }
}

extension FileEntry {
    /// Reads an object of tokens and ids, each character of a token standing for a byte (GPT-2's alphabet).
    func tokenBytes() throws(TokenizerFileError) -> TokenBytes {
        let alphabet = ByteLevelPreTokenizer.alphabet
        let values = Dictionary(zip(alphabet, UInt8.min...UInt8.max)) { first, _ in first }
        var tokens: [[UInt8]] = []
        for member in try members() {
            guard case .number(let number) = member.value, let id = Int32(exactly: number), (0..<1 << 24).contains(id)
            else { throw malformed("an object of tokens and ids") }
            let missing = Int(id) + 1 - tokens.count
            if missing > 0 { tokens += [[UInt8]](repeating: [], count: missing) }
            // A character that is no byte's: a token that steers, which stands for no text.
            let bytes = member.key.unicodeScalars.map { values[$0] }
            tokens[Int(id)] = bytes.contains(nil) ? [] : bytes.compactMap(\.self)
        }
        return TokenBytes(tokens)
    }
}
