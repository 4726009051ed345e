import Inference
import LlamaEngine
import Testing

@Suite("Bias and penalties")
struct PenaltyTests {
    /// Greedy tokens by the penalties' definitions: the whole history is gone through for every token.
    private func reference(
        _ logits: [Float], _ parameters: SamplingParameters, prompt: [Int32], steps: Int
    ) -> [Int32] {
        var answer: [Int32] = []
        for _ in 0..<steps {
            let seen = Set((prompt + answer).suffix(64))
            let scores = logits.indices.map { token -> Double in
                var score = Double(logits[token]) + Double(parameters.logitBias[Int32(token)] ?? 0)
                let repetition = Double(parameters.repetitionPenalty)
                if seen.contains(Int32(token)) { score = score > 0 ? score / repetition : score * repetition }
                let count = answer.count { $0 == token }
                if count > 0 {
                    score -= Double(count) * Double(parameters.frequencyPenalty) + Double(parameters.presencePenalty)
                }
                return score
            }
            let best = scores.max() ?? 0
            answer.append(Int32(scores.firstIndex(of: best) ?? 0))
        }
        return answer
    }

    @Test(
        "Answers are those of the definitions",
        arguments: [
            SamplingParameters(temperature: 0, frequencyPenalty: 0.37),
            SamplingParameters(temperature: 0, presencePenalty: 1.3),
            SamplingParameters(temperature: 0, repetitionPenalty: 1.23),
            SamplingParameters(temperature: 0, frequencyPenalty: -0.01, presencePenalty: 0.9),
            SamplingParameters(
                temperature: 0, frequencyPenalty: 0.21, presencePenalty: 0.4, repetitionPenalty: 1.1,
                logitBias: [0: 2.5, 3: -100, 17: 7.25]),
        ])
    func answersAreThoseOfTheDefinitions(parameters: SamplingParameters) {
        var randomness = Randomness(8)
        for vocabulary in [7, 16, 100] {
            let logits = randomness.logits(vocabulary)
            let bounded = {
                var bounded = parameters
                bounded.logitBias = bounded.logitBias.filter { $0.key < vocabulary }
                return bounded
            }()
            let prompt = (0..<80).map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &randomness) }
            var sampler = Sampler(bounded, prompt: prompt)
            let answer = (0..<200).compactMap { _ in sampler.sample(logits) }
            #expect(answer == reference(logits, bounded, prompt: prompt, steps: 200))
        }
    }

    @Test("A bias shifts what is drawn by e to its power")
    func biasShiftsTheDistribution() {
        var randomness = Randomness(9)
        let logits = randomness.logits(10)
        var biased = logits
        biased[4] += 1.5
        biased[7] -= 2
        var sampler = Sampler(SamplingParameters(logitBias: [4: 1.5, 7: -2], seed: 3), prompt: [])
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<20_000 {
            if let token = sampler.sample(logits) { counts[Int(token)] += 1 }
        }
        let fit = ReferenceDistribution(biased, SamplingParameters()).chiSquare(of: counts)
        #expect(fit.statistic < fit.bound)
    }

    @Test("Suppressed tokens are never chosen, whatever their bias")
    func suppressedTokensAreNeverChosen() {
        let logits: [Float] = [9, 8, 1, 0]
        for temperature in [Float(0), 1.5] {
            let parameters = SamplingParameters(temperature: temperature, logitBias: [0: 100], seed: 5)
            var sampler = Sampler(parameters, prompt: [], suppressed: [0, 1])
            for _ in 0..<500 { #expect(sampler.sample(logits).map { $0 > 1 } == true) }
        }
    }

    @Test("The repetition penalty looks back on the last 64 tokens and no further")
    func repetitionLooksBackSixtyFourTokens() {
        let logits: [Float] = [2, 1.5, 0]
        let parameters = SamplingParameters(temperature: 0, repetitionPenalty: 2)
        var within = Sampler(parameters, prompt: [0] + [Int32](repeating: 2, count: 63))
        var beyond = Sampler(parameters, prompt: [0] + [Int32](repeating: 2, count: 64))
        #expect(within.sample(logits) == 1)
        #expect(beyond.sample(logits) == 0)
    }
}
