import LlamaEngine
import Testing

@Suite("PoolingPlan")
struct PoolingPlanTests {
    private func plan(
        trained: Int = 512, requested: Int = 0, isBidirectional: Bool = true, vocabulary: Int = 30_522,
        canTruncate: Bool = true
    ) -> PoolingPlan {
        PoolingPlan(
            trainedContext: trained, requestedContext: requested, isBidirectional: isBidirectional,
            vocabularySize: vocabulary, canTruncate: canTruncate)
    }

    @Test("A text may be as long as the model was trained on, up to the default or what was asked for")
    func contextLength() {
        #expect(plan(trained: 512).contextLength == 512)
        #expect(plan(trained: 32_768).contextLength == CachePlan.defaultContext)
        #expect(plan(trained: 32_768, requested: 16_384).contextLength == 16_384)
        #expect(plan(trained: 512, requested: 128).contextLength == 128)
        #expect(plan(trained: 77, requested: 512).contextLength == 77)
    }

    @Test("An encoder's longest text fits in one evaluation", arguments: [77, 256, 512, 8192])
    func encodersReadTextsWhole(length: Int) {
        let plan = plan(trained: length)
        #expect(plan.batchCapacity >= plan.contextLength)
        #expect(plan.batchCapacity >= plan.tokenBudget)
        #expect(plan.batchCapacity <= max(256, length))
    }

    @Test("A decoder's evaluations are short, and shorter the more tokens it scores", arguments: [32_000, 262_144])
    func decodersReadInPieces(vocabulary: Int) {
        let plan = plan(trained: 32_768, isBidirectional: false, vocabulary: vocabulary)
        #expect(plan.batchCapacity <= 512)
        #expect(plan.batchCapacity * vocabulary * 4 <= 256 << 20)
        #expect(plan.tokenBudget <= plan.batchCapacity)
    }

    @Test("Fewer texts go together where each has a state of its own")
    func statesAreFew() {
        #expect(plan(canTruncate: false).textCapacity < plan().textCapacity)
    }
}
