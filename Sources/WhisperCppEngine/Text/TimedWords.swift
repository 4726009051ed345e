import Inference

/// The words of a window and when they are spoken, put together of its tokens.
///
/// Rules as in OpenAI's `timing.py`: a token that begins with a space, or with punctuation alone, begins a word, and
/// punctuation then joins the word that it belongs to; where a language writes without spaces every character that is
/// whole is a word.
package struct TimedWords {
    /// Times are hundredths of a second from the window's start.
    struct Word: Equatable {
        var text: String
        var start: Int
        var end: Int
        var probabilities: [Float]
    }

    private static let unspaced: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]
    private static let opening: Set<Character> = ["\"", "'", "“", "¿", "(", "[", "{", "-"]
    private static let closing: Set<Character> = [
        "\"", "'", ".", "。", ",", "，", "!", "！", "?", "？", ":", "：", "”", ")", "]", "}", "、",
    ]

    private let isSpaced: Bool
    /// When the last token before the next has been spoken.
    private var clock = 0

    package init(language: String) {
        isSpaced = !Self.unspaced.contains(language)
    }

    /// The words of the window's next segment.
    ///
    /// - Parameter offset: seconds of sound before the window.
    package mutating func words(of segment: DecodedWindow.Segment, offset: Double) -> [TranscriptionWord] {
        // A pause before the segment is no part of its first word.
        clock = max(clock, min(segment.start, segment.end))
        return joined(pieces(segment)).map { word in
            TranscriptionWord(
                word: word.text, start: offset + Double(word.start) / 100, end: offset + Double(word.end) / 100,
                probability: word.probabilities.reduce(0, +) / Float(max(1, word.probabilities.count)))
        }
    }

    /// Tokens gathered until they are whole characters, and then until the next word begins.
    private mutating func pieces(_ segment: DecodedWindow.Segment) -> [Word] {
        var words: [Word] = []
        var bytes: [UInt8] = []
        var probabilities: [Float] = []
        var start = clock
        for token in segment.tokens where !token.bytes.isEmpty {
            if bytes.isEmpty { start = clock }
            bytes += token.bytes
            probabilities.append(token.probability)
            // A window that is too short is not aligned.
            clock = max(clock, token.end ?? segment.end)
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            if let last = words.indices.last, isSpaced, !beginsWord(text) {
                words[last].text += text
                words[last].end = clock
                words[last].probabilities += probabilities
            } else {
                words.append(Word(text: text, start: start, end: clock, probabilities: probabilities))
            }
            (bytes, probabilities) = ([], [])
        }
        return words
    }

    private func beginsWord(_ text: String) -> Bool {
        text.first == " " || text.allSatisfy { $0.isPunctuation || $0.isSymbol }
    }

    /// Opening punctuation goes with the word after it, closing punctuation with the one before.
    private func joined(_ words: [Word]) -> [Word] {
        var result: [Word] = []
        for word in words {
            guard let last = result.indices.last else {
                result.append(word)
                continue
            }
            let opens = result[last].text.first == " " && Self.consists(result[last].text.dropFirst(), of: Self.opening)
            if Self.consists(word.text, of: Self.closing) || opens {
                result[last].text += word.text
                result[last].end = word.end
                result[last].probabilities += word.probabilities
            } else {
                result.append(word)
            }
        }
        return result
    }

    private static func consists(_ text: some StringProtocol, of characters: Set<Character>) -> Bool {
        !text.isEmpty && text.allSatisfy(characters.contains)
    }
}
