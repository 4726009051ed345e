import LlamaEngine
import Testing

@Suite("CachePlan")
struct CachePlanTests {
    private func plan(
        trained: Int = 8192, requested: Int = 0, parallel: Int = 8, budget: Int = 1 << 30, canTruncate: Bool = true
    ) -> CachePlan {
        CachePlan(
            trainedContext: trained, requestedContext: requested, parallel: parallel, bytesPerToken: 1000,
            budgetBytes: budget, canTruncate: canTruncate)
    }

    @Test("Without a wish the context is the trained one, up to the default")
    func contextWithoutAWish() {
        #expect(plan(trained: 2048).contextLength == 2048)
        #expect(plan(trained: 131_072).contextLength == CachePlan.defaultContext)
    }

    @Test("A wished context is met, up to the trained one")
    func wishedContext() {
        #expect(plan(trained: 131_072, requested: 32_768).contextLength == 32_768)
        #expect(plan(trained: 2048, requested: 4096).contextLength == 2048)
        #expect(plan(trained: 2048, requested: 100).contextLength == 100)
    }

    @Test("The cache holds a whole context for each request where the budget allows")
    func cacheForEachRequest() {
        #expect(plan(trained: 2048, parallel: 4).cells == 4 * 2048)
    }

    @Test("The budget bounds the cache, but never below one context")
    func budgetBoundsTheCache() {
        #expect(plan(trained: 2048, budget: 5_120_000).cells == 5120)
        #expect(plan(trained: 2048, budget: 0).cells == 2048)
    }

    @Test("The cache is whole blocks of 256 tokens, and a batch fits into it", arguments: [1, 100, 257, 511, 8000])
    func wholeBlocks(context: Int) {
        let plan = plan(requested: context, parallel: 3, budget: 1_234_567)
        #expect(plan.cells.isMultiple(of: 256))
        #expect(plan.cells >= plan.contextLength)
        #expect(plan.batchCapacity <= plan.cells)
    }

    @Test("Sequences are kept beyond those that run only where they can be shared")
    func keptSequences() {
        #expect(plan(parallel: 8).sequences == 16)
        #expect(plan(parallel: 8, canTruncate: false).sequences == 8)
    }

    @Test("Every running request can get its next token from one evaluation", arguments: [1, 8, 64, 100])
    func outputsForAll(parallel: Int) {
        #expect(plan(parallel: parallel).outputCapacity >= parallel)
    }
}
