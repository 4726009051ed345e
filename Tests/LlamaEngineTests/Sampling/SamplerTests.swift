import Foundation
import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Sampler")
struct SamplerTests {
    static let vocabularies = [7, 16, 1000, 49152]

    /// Every combination of these settings.
    static let combinations: [SamplingParameters] = {
        var combinations: [SamplingParameters] = []
        for temperature in [Float(0.3), 1, 1.7] {
            for topK in [0, 1, 5, 40] {
                for topP in [Float(1), 0.9, 0.3] {
                    for minP in [Float(0), 0.05, 0.5] {
                        combinations.append(
                            SamplingParameters(temperature: temperature, topP: topP, topK: topK, minP: minP, seed: 11))
                    }
                }
            }
        }
        return combinations
    }()

    @Test("Greedy takes the largest logit, the first of equals", arguments: vocabularies)
    func greedyTakesTheFirstOfEquals(vocabulary: Int) {
        var randomness = Randomness(1)
        for _ in 0..<50 {
            var logits = randomness.logits(vocabulary)
            let ties = (0..<3).map { _ in Int.random(in: 0..<vocabulary, using: &randomness) }
            for tie in ties { logits[tie] = 40 }
            var sampler = Sampler(.greedy, prompt: [])
            #expect(sampler.sample(logits) == ties.min().map { Int32($0) })
        }
    }

    @Test("A temperature too small to be inverted is greedy")
    func vanishingTemperatureIsGreedy() {
        let logits: [Float] = [0, 1, 3, 2]
        for temperature in [Float.leastNonzeroMagnitude, 1e-40, 1.2e-38, 1e-20] {
            var sampler = Sampler(SamplingParameters(temperature: temperature, seed: 1), prompt: [])
            for _ in 0..<20 { #expect(sampler.sample(logits) == 2) }
        }
    }

    @Test("Only tokens that the reference keeps are drawn", arguments: vocabularies)
    func drawsOnlyWhatIsKept(vocabulary: Int) {
        var randomness = Randomness(2)
        let logits = randomness.logits(vocabulary)
        // Each takes a reference over the whole vocabulary. Every 7th of them has each value of each setting.
        let step = vocabulary > 1000 ? (isSoak ? 1 : 7) : 1
        for index in stride(from: 0, to: Self.combinations.count, by: step) {
            let parameters = Self.combinations[index]
            let possible = ReferenceDistribution(logits, parameters, slack: 1e-4).probabilities
            var sampler = Sampler(parameters, prompt: [])
            let draws = vocabulary > 1000 ? 10 : 200
            let drawn = (0..<draws).compactMap { _ in sampler.sample(logits) }
            #expect(drawn.count == draws, "\(parameters)")
            #expect(drawn.allSatisfy { possible[Int($0)] > 0 }, "\(parameters)")
        }
    }

    @Test("20,000 draws are distributed as the reference says, in every combination", arguments: [7, 16])
    func drawsAreDistributedAsTheReference(vocabulary: Int) {
        var randomness = Randomness(3)
        let logits = randomness.logits(vocabulary)
        for parameters in Self.combinations {
            let fit = Self.fit(logits, parameters)
            #expect(fit.statistic < fit.bound, "\(parameters)")
        }
    }

    @Test(
        "Draws from large vocabularies are distributed as the reference says",
        arguments: [
            SamplingParameters(seed: 4), SamplingParameters(temperature: 0.5, seed: 4),
            SamplingParameters(temperature: 0.7, topP: 0.8, seed: 4), SamplingParameters(topK: 200, seed: 4),
            SamplingParameters(minP: 0.02, seed: 4), SamplingParameters(topP: 0.9, topK: 300, minP: 0.01, seed: 4),
        ])
    func drawsFromLargeVocabularies(parameters: SamplingParameters) {
        var randomness = Randomness(4)
        for vocabulary in [1000, 49152] {
            // Peaked, as a language model's are.
            let logits = randomness.logits(vocabulary).map { $0 * 2 }
            let draws = vocabulary > 1000 ? rounds(short: 500, long: 2_000) : rounds(short: 5_000, long: 20_000)
            let fit = Self.fit(logits, parameters, draws: draws)
            #expect(fit.statistic < fit.bound, "\(vocabulary) tokens")
        }
    }

    private static func fit(
        _ logits: [Float], _ parameters: SamplingParameters, draws: Int = 20_000
    ) -> (statistic: Double, bound: Double) {
        var sampler = Sampler(parameters, prompt: [])
        var counts = [Int](repeating: 0, count: logits.count)
        var unchanged = logits
        unchanged.withUnsafeMutableBufferPointer { buffer in
            for _ in 0..<draws {
                if let token = sampler.sample(Logits(buffer)) { counts[Int(token)] += 1 }
            }
        }
        #expect(unchanged == logits)
        #expect(counts.reduce(0, +) == draws)
        return ReferenceDistribution(logits, parameters).chiSquare(of: counts)
    }

    @Test("The same seed draws the same tokens, another seed others, no seed fresh ones")
    func seedsDecide() {
        var randomness = Randomness(5)
        let logits = randomness.logits(1000)
        func draws(_ seed: UInt64?) -> [Int32?] {
            var sampler = Sampler(SamplingParameters(seed: seed), prompt: [])
            return (0..<64).map { _ in sampler.sample(logits) }
        }
        #expect(draws(1) == draws(1))
        #expect(draws(1) != draws(2))
        #expect(draws(nil) != draws(nil))
    }

    @Test("The end of the cumulative distribution is a token that has weight")
    func endOfTheDistributionHasWeight() {
        var randomness = Randomness(6)
        for _ in 0..<200 {
            // Blocks without weight at the end, as min-p leaves them.
            var logits = randomness.logits(3000) + [Float](repeating: -50, count: 3000)
            logits.withUnsafeMutableBufferPointer { buffer in
                let maximum = buffer.max() ?? 0
                let distribution = Distribution(Logits(buffer), maximum: maximum, temperature: 1, floor: -40)
                for uniform in [Float(1).nextDown, Float(1).nextDown.nextDown, 0.999_999] {
                    let token = distribution.draw(uniform)
                    #expect(distribution.weight(ofLogit: buffer[Int(token)]) > 0)
                }
            }
        }
    }
}

@Suite("Sampler on broken scores")
struct BrokenScoresTests {
    static let ways = [
        SamplingParameters.greedy, SamplingParameters(seed: 1), SamplingParameters(topK: 3, seed: 1),
        SamplingParameters(topP: 0.9, seed: 1), SamplingParameters(minP: 0.1, seed: 1),
        SamplingParameters(topP: 0.9, topK: 5, minP: 0.01, seed: 1),
    ]

    @Test("Without a finite score there is no token", arguments: ways)
    func nothingFiniteIsNoToken(parameters: SamplingParameters) {
        for vocabulary in [1, 7, 16, 33, 1000] {
            for scores in [[Float.nan], [-.infinity], [.nan, -.infinity]] {
                let logits = (0..<vocabulary).map { scores[$0 % scores.count] }
                var sampler = Sampler(parameters, prompt: [])
                #expect(sampler.sample(logits) == nil)
            }
        }
    }

    @Test("The only finite score is chosen, wherever it is", arguments: ways)
    func onlyFiniteScoreIsChosen(parameters: SamplingParameters) {
        for filling in [Float.nan, -.infinity] {
            for position in [0, 1, 15, 16, 17, 511, 512, 999] {
                var logits = [Float](repeating: filling, count: 1000)
                logits[position] = -3
                var sampler = Sampler(parameters, prompt: [])
                #expect(sampler.sample(logits) == Int32(position))
            }
        }
    }

    @Test("Scores that are no number change nothing for the others", arguments: ways)
    func noNumbersChangeNothing(parameters: SamplingParameters) {
        var randomness = Randomness(7)
        for _ in 0..<20 {
            let sound = randomness.logits(100)
            var (dropped, broken) = (sound, sound)
            for token in (0..<100).shuffled(using: &randomness).prefix(60) {
                dropped[token] = -.infinity
                broken[token] = .nan
            }
            var samplers = [Sampler(parameters, prompt: []), Sampler(parameters, prompt: [])]
            for _ in 0..<20 { #expect(samplers[0].sample(dropped) == samplers[1].sample(broken)) }
        }
    }
}
