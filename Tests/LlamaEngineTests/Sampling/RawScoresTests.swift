import Foundation
import LlamaEngine
import Testing

@Suite("RawScores")
struct RawScoresTests {
    private func raw(_ logits: [Float], top: Int) -> RawScores? {
        var copy = logits
        return copy.withUnsafeMutableBufferPointer { RawScores(Logits($0), top: top) }
    }

    @Test("Log-probabilities are those of a softmax in doubles", arguments: [1, 15, 16, 17, 1_000, 49_152])
    func softmax(count: Int) throws {
        var randomness = Randomness(UInt64(count))
        let logits = randomness.logits(count)
        let largest = Double(logits.max() ?? 0)
        let normalizer = largest + log(logits.map { exp(Double($0) - largest) }.reduce(0, +))
        let scores = try #require(raw(logits, top: 20))
        for token in logits.indices {
            #expect(abs(Double(scores.logprob(of: Int32(token))) - (Double(logits[token]) - normalizer)) < 2e-5)
        }
    }

    @Test("The most likely tokens come in order, of equals the first")
    func order() throws {
        var randomness = Randomness(3)
        let logits = randomness.logits(5_000).map { ($0 * 4).rounded() }
        let expected = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(20).map { Int32($0) }
        let top = try #require(raw(logits, top: 20)).top
        #expect(top.map(\.logprob) == top.map(\.logprob).sorted(by: >))
        #expect(Set(top.prefix(5).map(\.token)).isSubset(of: Set(expected)))
        for (token, logprob) in top { #expect(try #require(raw(logits, top: 0)).logprob(of: token) == logprob) }
    }

    @Test("A token that the model rules out has a finite logarithm; no scores give none")
    func infinities() throws {
        #expect(try #require(raw([0, -.infinity], top: 2)).logprob(of: 1) == -9999)
        #expect(raw([.nan, .nan], top: 1) == nil)
        #expect(raw([-.infinity], top: 1) == nil)
    }
}
