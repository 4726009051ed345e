import Inference
import LlamaEngine
import Synchronization
import Testing

@Suite("Sampling under a constraint")
struct ConstraintTests {
    /// Allows the tokens of a list, and counts how often it was asked.
    private final class AllowList: TokenConstraint {
        let tokens: Set<Int32>
        let asked = Mutex((single: 0, whole: 0))

        init(_ tokens: Set<Int32>) {
            self.tokens = tokens
        }

        func allows(_ token: Int32) -> Bool {
            asked.withLock { $0.single += 1 }
            return tokens.contains(token)
        }

        func accept(_ token: Int32) throws {}

        func mask(_ logits: UnsafeMutableBufferPointer<Float>) {
            asked.withLock { $0.whole += 1 }
            for token in logits.indices where !tokens.contains(Int32(token)) { logits[token] = -.infinity }
        }
    }

    @Test("Greedy takes the most likely token that is allowed", arguments: [1, 3, 100, 499])
    func greedy(rank: Int) {
        var randomness = Randomness(5)
        let logits = randomness.logits(500)
        let order = logits.indices.sorted { logits[$0] > logits[$1] }
        var sampler = Sampler(
            .greedy, prompt: [], constraint: AllowList(Set(order[rank...].map { Int32($0) })))
        #expect(sampler.sample(logits) == Int32(order[rank]))
    }

    @Test("Draws are distributed as if only the allowed tokens were there", arguments: [2, 40])
    func distribution(step: Int) {
        var randomness = Randomness(6)
        let logits = randomness.logits(200)
        let allowed = Set(stride(from: Int32(0), to: 200, by: step))
        let masked = logits.indices.map { allowed.contains(Int32($0)) ? logits[$0] : -.infinity }
        let reference = ReferenceDistribution(masked, SamplingParameters(temperature: 1))
        var sampler = Sampler(SamplingParameters(seed: 9), prompt: [], constraint: AllowList(allowed))
        var counts = [Int](repeating: 0, count: 200)
        for _ in 0..<20_000 {
            guard let token = sampler.sample(logits) else { break }
            counts[Int(token)] += 1
        }
        let (statistic, bound) = reference.chiSquare(of: counts)
        #expect(statistic < bound)
        #expect(counts.reduce(0, +) == 20_000)
    }

    @Test("Where few tokens are allowed, all are checked at once after a bounded number of draws")
    func boundedDraws() {
        var randomness = Randomness(7)
        let logits = randomness.logits(10_000)
        let least = logits.indices.min { logits[$0] < logits[$1] } ?? 0
        let constraint = AllowList([Int32(least)])
        var sampler = Sampler(SamplingParameters(seed: 1), prompt: [], constraint: constraint)
        #expect(sampler.sample(logits) == Int32(least))
        let asked = constraint.asked.withLock { $0 }
        #expect(asked.single <= 16)
        #expect(asked.whole == 1)
    }

    @Test("Where no token is allowed there is none")
    func noneAllowed() {
        var sampler = Sampler(.greedy, prompt: [], constraint: AllowList([]))
        #expect(sampler.sample([1, 2, 3]) == nil)
    }
}
