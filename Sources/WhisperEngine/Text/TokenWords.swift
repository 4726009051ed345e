/// Tokens put together into words.
///
/// As Whisper's authors do it: tokens that share a character belong together; where words are written apart, one begins
/// with a space or is a sign of punctuation.
package struct TokenWords {
    /// A word and how many of the tokens it takes.
    package struct Word: Equatable {
        package var text: String
        package var tokens: Int

        package init(text: String, tokens: Int) {
            self.text = text
            self.tokens = tokens
        }
    }

    /// Languages that write no spaces between words.
    private static let unspaced: Set = ["zh", "ja", "th", "lo", "my", "yue"]

    private static let punctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

    private let text: WhisperText
    private let isSpaced: Bool

    package init(_ text: WhisperText, language: String) {
        self.text = text
        isSpaced = !Self.unspaced.contains(language)
    }

    /// - Parameter tokens: of text alone.
    package func words(of tokens: [Int32]) -> [Word] {
        let characters = characters(of: tokens)
        guard isSpaced else { return characters }
        var words: [Word] = []
        for part in characters {
            let trimmed = part.text.trimmed
            let isSign = !trimmed.isEmpty && trimmed.count == 1 && trimmed.allSatisfy(Self.punctuation.contains)
            if let last = words.indices.last, !part.text.hasPrefix(" "), !isSign {
                words[last].text += part.text
                words[last].tokens += part.tokens
            } else {
                words.append(part)
            }
        }
        return words
    }

    /// The fewest tokens that hold whole characters; at the end of the text whatever is left.
    private func characters(of tokens: [Int32]) -> [Word] {
        var words: [Word] = []
        var bytes: [UInt8] = []
        var count = 0
        for token in tokens {
            bytes += text.bytes(of: token)
            count += 1
            guard let whole = String(validating: bytes, as: UTF8.self) else { continue }
            words.append(Word(text: whole, tokens: count))
            (bytes, count) = ([], 0)
        }
        if count > 0 { words.append(Word(text: String(decoding: bytes, as: UTF8.self), tokens: count)) }
        return words
    }
}
