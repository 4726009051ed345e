import Foundation
import Testing
import WhisperEngine

@Suite struct TokenChoicesTests {
    private static let logits: [Float] = {
        var random = SplitMix(seed: 3)
        return (0..<1003).map { _ in Float.random(in: -8...8, using: &random) }
    }()

    private func choices<Result>(
        text: Range<Int> = 0..<1000, timestamps: Range<Int> = 1000..<1000, _ body: (TokenChoices) -> Result
    ) -> Result {
        var logits = Self.logits
        return logits.withUnsafeMutableBufferPointer { body(TokenChoices($0, text: text, timestamps: timestamps)) }
    }

    /// In double precision.
    private func logprob(_ index: Int, among range: Range<Int>) -> Double {
        Double(Self.logits[index]) - log(range.reduce(0) { $0 + exp(Double(Self.logits[$1])) })
    }

    @Test(arguments: [0..<1000, 3..<1000, 0..<7, 995..<1000]) func `the best has its logprob among those allowed`(
        range: Range<Int>
    ) throws {
        let best = try #require(choices(text: range) { $0.best })
        let expected = try #require(range.max { Self.logits[$0] < Self.logits[$1] })
        #expect(best.token == Int32(expected))
        #expect(abs(Double(best.logprob) - logprob(expected, among: range)) < 1e-4)
    }

    @Test(arguments: [1, 6, 40]) func `the best ones come in order`(count: Int) {
        var found: [TokenChoices.Choice] = []
        choices { $0.best(count, into: &found) }
        let expected = Self.logits.indices.prefix(1000).sorted { Self.logits[$0] > Self.logits[$1] }.prefix(count)
        #expect(found.map(\.token) == expected.map(Int32.init))
    }

    @Test func `fewer are found where fewer are allowed`() {
        var found: [TokenChoices.Choice] = []
        choices(text: 4..<7) { $0.best(6, into: &found) }
        #expect(Set(found.map(\.token)) == [4, 5, 6])
    }

    @Test func `tokens are drawn as often as they are likely`() {
        var random = SplitMix(seed: 11)
        var counts = [Int](repeating: 0, count: 8)
        choices(text: 0..<8) { choices in
            for _ in 0..<20_000 {
                if let token = choices.drawn(temperature: 2, using: &random)?.token { counts[Int(token)] += 1 }
            }
        }
        let weights = Self.logits.prefix(8).map { exp(Double($0) / 2) }
        for (count, weight) in zip(counts, weights) {
            // Five standard deviations of a count of 20,000 are less than 0.018.
            #expect(abs(Double(count) / 20_000 - weight / weights.reduce(0, +)) < 0.018)
        }
    }

    @Test func `the smallest temperature draws the likeliest`() {
        var random = SplitMix(seed: 12)
        choices(text: 0..<8) { choices in
            let likeliest = Self.logits.prefix(8).enumerated().max { $0.element < $1.element }?.offset
            let drawn = choices.drawn(temperature: .leastNonzeroMagnitude, using: &random)?.token
            #expect(drawn.map(Int.init) == likeliest)
        }
    }
}
