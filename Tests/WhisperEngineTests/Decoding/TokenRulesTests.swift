import Testing
import WhisperEngine

@Suite struct TokenRulesTests {
    private let settings: WhisperSettings
    private let rules: TokenRules

    init() throws {
        settings = try .small()
        rules = TokenRules(settings)
    }

    /// The likeliest token behind some, with logits of 0 but for those given.
    private func best(after tokens: [Int32], _ likely: [Int32: Float]) -> Int32? {
        var history = TokenRules.History()
        for token in tokens { history = rules.history(history, then: token) }
        var logits = [Float](repeating: -20, count: settings.vocabulary)
        for (token, logit) in likely { logits[Int(token)] = logit }
        return logits.withUnsafeMutableBufferPointer { rules.choices($0, after: history).best?.token }
    }

    private func time(_ seconds: Double) -> Int32 { WhisperSettings.time(seconds) }

    @Test func `a window begins with a time`() {
        #expect(best(after: [], [65: 9, time(0.5): 1]) == time(0.5))
    }

    @Test func `a window's first time is within a second`() {
        #expect(best(after: [], [time(1.02): 9, time(1): 1]) == time(1))
    }

    @Test func `text follows a first time`() {
        #expect(best(after: [time(0)], [time(2): 9, 65: 1]) == 65)
    }

    @Test func `a time that ends a text is followed by another or the end`() {
        let begun = [time(0), 65, time(2)]
        #expect(best(after: begun, [65: 9, time(2): 1]) == time(2))
        #expect(best(after: begun, [65: 9, WhisperSettings.end: 1]) == WhisperSettings.end)
    }

    @Test func `two times in a row are followed by text`() {
        #expect(best(after: [time(0), 65, time(2), time(2)], [time(4): 9, 66: 1]) == 66)
    }

    @Test func `time does not go back`() {
        #expect(
            best(after: [time(0), 65, time(2), time(2), 66], [time(1): 9, time(2): 8, time(2.02): 1]) == time(2.02))
        #expect(best(after: [time(0), 65, time(2)], [time(1): 9, time(3): 1]) == time(3))
    }

    @Test func `times that are likelier together than any text win`() {
        let times = Dictionary(uniqueKeysWithValues: (10..<20).map { (time(Double($0)), Float(1)) })
        #expect(
            best(after: [time(0), 65], times.merging([66: 2]) { first, _ in first }).map(rules.isTimestamp) == true)
        #expect(best(after: [time(0), 65], [time(10): 1, 66: 2]) == 66)
    }

    @Test func `what the model suppresses, and what steers, is never chosen`() {
        #expect(best(after: [time(0)], [42: 9, 257: 9, 258: 9, 262: 9, 266: 9, 66: 1]) == 66)
    }

    @Test func `logits that are no numbers leave no choice`() {
        var logits = [Float](repeating: .nan, count: settings.vocabulary)
        let history = rules.history(TokenRules.History(), then: time(0))
        #expect(logits.withUnsafeMutableBufferPointer { rules.choices($0, after: history).best } == nil)
    }
}
