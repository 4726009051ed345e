import LlamaEngine
import TestSupport
import Testing

@Suite("BatchPlanner")
struct BatchPlannerTests {
    private let planner = BatchPlanner(batchCapacity: 128, outputCapacity: 64)

    @Test("A prompt alone fills the batch")
    func promptAloneFillsTheBatch() {
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: false) == 128)
        #expect(planner.chunk(from: 0, to: 128, besideAnswers: false) == 128)
    }

    @Test("The last chunk holds what is left beyond the whole blocks")
    func lastChunkHoldsTheRest() {
        #expect(planner.chunk(from: 0, to: 100, besideAnswers: false) == 64)
        #expect(planner.chunk(from: 64, to: 100, besideAnswers: false) == 36)
        #expect(planner.chunk(from: 0, to: 40, besideAnswers: false) == 40)
    }

    @Test("A prompt that goes on within a block comes back to the blocks' boundaries")
    func chunksComeBackToBoundaries() {
        #expect(planner.chunk(from: 10, to: 1_000, besideAnswers: false) == 118)
        #expect(planner.chunk(from: 10, to: 100, besideAnswers: false) == 54)
    }

    @Test("While answers run, a prompt gets no more than the pace allows")
    func paceBoundsPromptsBesideAnswers() {
        var planner = planner
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: true) == 64)
        // 2 ms a token: 30 tokens in 60 ms.
        planner.record(promptTokens: 100, elapsed: .milliseconds(200))
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: true) == 30)
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: false) == 128)
    }

    @Test("However slow the machine, a prompt moves on")
    func promptsAlwaysMoveOn() {
        var planner = planner
        planner.record(promptTokens: 16, elapsed: .seconds(100))
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: true) == 16)
        #expect(planner.chunk(from: 999, to: 1_000, besideAnswers: true) == 1)
    }

    @Test("Measurements are smoothed, and a few tokens teach nothing")
    func measurementsAreSmoothed() {
        var planner = planner
        planner.record(promptTokens: 15, elapsed: .seconds(10))
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: true) == 64)
        // 1 ms, then 2 ms a token; 0.7 of the old and 0.3 of the new are 1.3 ms: 46 tokens in 60 ms.
        planner.record(promptTokens: 100, elapsed: .milliseconds(100))
        planner.record(promptTokens: 100, elapsed: .milliseconds(200))
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: true) == 46)
    }

    @Test("A prompt whose every token is scored stays below attention's blocked kernel")
    func scoredPromptsStayBelowTheBlock() {
        #expect(planner.chunk(from: 0, to: 1_000, besideAnswers: false, wantsOutputs: true) == 63)
        #expect(planner.chunk(from: 63, to: 100, besideAnswers: false, wantsOutputs: true) == 37)
        let fewOutputs = BatchPlanner(batchCapacity: 128, outputCapacity: 8)
        #expect(fewOutputs.chunk(from: 0, to: 1_000, besideAnswers: true, wantsOutputs: true) == 8)
    }

    @Test("A batch advances as many answers as it has room and outputs for")
    func answersPerBatch() {
        #expect(BatchPlanner(batchCapacity: 512, outputCapacity: 64).answersPerBatch == 64)
        #expect(BatchPlanner(batchCapacity: 32, outputCapacity: 64).answersPerBatch == 32)
    }

    @Test("Every chunk moves a prompt on within its bounds, and ends at a block or with the prompt")
    func chunksStayWithinBounds() {
        var randomness = Randomness(30)
        for _ in 0..<rounds(short: 2_000, long: 200_000) {
            let capacity = Int.random(in: 1...600, using: &randomness)
            var planner = BatchPlanner(batchCapacity: capacity, outputCapacity: 8)
            planner.record(promptTokens: 100, elapsed: .microseconds(Int.random(in: 1...500_000, using: &randomness)))
            let start = Int.random(in: 0...700, using: &randomness)
            let end = start + Int.random(in: 1...700, using: &randomness)
            for besideAnswers in [false, true] {
                let count = planner.chunk(from: start, to: end, besideAnswers: besideAnswers)
                #expect(count >= 1 && count <= min(capacity, end - start))
                if capacity >= BatchPlanner.attentionBlock, !besideAnswers {
                    #expect(start + count == end || (start + count).isMultiple(of: BatchPlanner.attentionBlock))
                }
            }
        }
    }
}
