import Testing
import WhisperEngine

@Suite struct TokenWordsTests {
    private func words(_ text: String, language: String = "en") throws -> [TokenWords.Word] {
        let settings = try WhisperSettings.small()
        return TokenWords(.bytes(settings), language: language).words(of: spelled(text))
    }

    @Test func `words begin with spaces`() throws {
        #expect(try words(" so it").map(\.text) == [" so", " it"])
    }

    @Test func `signs are words of their own`() throws {
        #expect(try words(" so, it").map(\.text) == [" so", ",", " it"])
    }

    @Test func `tokens that share a character belong together`() throws {
        #expect(try words(" schön") == [TokenWords.Word(text: " schön", tokens: 7)])
    }

    @Test func `languages without spaces are split by character`() throws {
        #expect(try words("你好", language: "zh") == [.init(text: "你", tokens: 3), .init(text: "好", tokens: 3)])
    }

    @Test func `a text cut within a character keeps its tokens`() throws {
        let settings = try WhisperSettings.small()
        let tokens = Array(spelled("né").dropLast())
        let words = TokenWords(.bytes(settings), language: "en").words(of: tokens)
        #expect(words.map(\.tokens).reduce(0, +) == 2)
    }
}
