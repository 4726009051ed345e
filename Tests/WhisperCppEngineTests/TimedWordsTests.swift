import Inference
import Testing
import WhisperCppEngine

/// Words as OpenAI's `timing.py` puts them together.
@Suite struct TimedWordsTests {
    private func token(_ text: [UInt8], end: Int) -> DecodedWindow.Token {
        .init(id: 1, probability: 0.5, logprob: -0.7, bytes: text, end: end)
    }

    private func token(_ text: String, end: Int) -> DecodedWindow.Token { token(Array(text.utf8), end: end) }

    private func words(
        _ tokens: [DecodedWindow.Token], language: String = "en", start: Int = 0, offset: Double = 0
    ) -> [TranscriptionWord] {
        var words = TimedWords(language: language)
        return words.words(of: .init(start: start, end: 500, text: "", tokens: tokens), offset: offset)
    }

    @Test func `a token with a space begins a word, others go on with it`() {
        let words = words([token(" fel", end: 20), token("low", end: 50), token(" men", end: 90)])
        #expect(words.map(\.word) == [" fellow", " men"])
        #expect(words.map(\.start) == [0, 0.5])
        #expect(words.map(\.end) == [0.5, 0.9])
    }

    @Test func `punctuation belongs to the word before, opening punctuation to the one after`() {
        let words = words([
            token(" “", end: 10), token("no", end: 20), token(",", end: 30), token(" sir", end: 40),
            token("!", end: 45),
        ])
        #expect(words.map(\.word) == [" “no,", " sir!"])
    }

    @Test func `where no spaces are written each character is a word, and bytes wait until they are one`() {
        let bytes = Array("好".utf8)
        let words = words(
            [token("你", end: 10), token(Array(bytes[..<2]), end: 20), token(Array(bytes[2...]), end: 30)],
            language: "zh")
        #expect(words.map(\.word) == ["你", "好"])
        #expect(words.map(\.end) == [0.1, 0.3])
    }

    @Test func `times count from the start of the sound, and a pause before a segment is no word's`() {
        let words = words([token(" so", end: 240)], start: 200, offset: 30)
        #expect(words.map(\.start) == [32])
        #expect(words.map(\.end) == [32.4])
    }

    @Test func `tokens of times are no words`() {
        let time = token("", end: 0)
        #expect(words([time, token(" so", end: 10), time]).map(\.word) == [" so"])
    }
}
