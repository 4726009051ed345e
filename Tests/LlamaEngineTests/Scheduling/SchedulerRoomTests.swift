import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: room in the cache", .hangGuard)
struct SchedulerRoomTests {
    @Test("What idle sequences hold is given up before any answer is", arguments: [130, 200])
    func idleSequencesAreGivenUp(cells: Int) async throws {
        try await ToyScheduler.run(.init(contextLength: 128, cells: cells)) { toy in
            var randomness = Randomness(70)
            for _ in 0..<20 {
                let prompt = ToyModel.prompt(80, &randomness)
                let answer = try await toy.answer(prompt).answer
                #expect(answer == toy.alone(prompt))
            }
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.preemptions == 0)
        }
    }

    @Test("A full cache loses no text and counts no token twice", arguments: [128, 150, 200, 300])
    func fullCacheLosesNoText(cells: Int) async throws {
        try await ToyScheduler.run(.init(contextLength: 128, cells: cells), isHeld: true) { toy in
            var randomness = Randomness(71)
            let prompts = (0..<8).map { _ in ToyModel.prompt(Int.random(in: 10...40, using: &randomness), &randomness) }
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 60) }
            _ = await steps.next()
            toy.probe.release()
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                let (answer, usage) = try await mailbox.gather()
                #expect(answer == toy.alone(prompt, maximumTokens: 60))
                #expect(usage.promptTokens == prompt.count)
                #expect(usage.cachedPromptTokens < prompt.count)
            }
            await toy.scheduler.stop()
            let counts = toy.scheduler.statistics
            #expect(counts.preemptions > 0)
            #expect(counts.completedRequests == 8)
            #expect(counts.completionTokens == 8 * 60)
        }
    }

    @Test("Where the cache is full of answers, evaluations are not spent on pushing each other out")
    func preemptionDoesNotThrash() async throws {
        try await ToyScheduler.run(.init(contextLength: 128, cells: 128), isHeld: true) { toy in
            var randomness = Randomness(72)
            let prompts = (0..<4).map { _ in ToyModel.prompt(30, &randomness) }
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 60) }
            _ = await steps.next()
            toy.probe.release()
            for mailbox in mailboxes { _ = try await mailbox.gather() }
            await toy.scheduler.stop()
            // Each gives way a few times at most, not once a token.
            #expect(toy.scheduler.statistics.preemptions <= 4 * 3)
            #expect(toy.probe.evaluated < 2 * 4 * 90)
        }
    }

    @Test("A generation whose reader lags gives way before one that is read")
    func laggingGenerationGivesWay() async throws {
        try await ToyScheduler.run(.init(contextLength: 400, cells: 400), isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let lagging = try toy.submit([301], maximumTokens: 300)
            _ = await steps.next()
            let brisk = try toy.submit([401], maximumTokens: 390)
            toy.probe.release()
            #expect(try await brisk.gather().answer == toy.alone([401], maximumTokens: 390))
            #expect(try await lagging.gather().answer == toy.alone([301], maximumTokens: 300))
        }
    }

    @Test(
        "Random requests, prefixes, readers and cancellations: every answer read to its end is right",
        arguments: 0..<rounds(short: 12, long: 300))
    func randomRequests(seed: Int) async throws {
        var randomness = Randomness(UInt64(80 + seed))
        let canTruncate = seed % 3 != 0
        let shape = ToyContext.Shape(
            contextLength: 220, batchCapacity: [16, 64, 200][seed % 3], sequenceCapacity: canTruncate ? 8 : 4,
            canTruncate: canTruncate, cells: [220, 300, 500, 2_000][seed % 4], ends: true)
        try await ToyScheduler.run(shape, parallel: 4) { toy in
            let roots = (0..<4).map { _ in ToyModel.prompt(Int.random(in: 1...100, using: &randomness), &randomness) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<60 {
                    let root = roots.randomElement(using: &randomness) ?? []
                    let prompt =
                        root.prefix(Int.random(in: 1...root.count, using: &randomness))
                        + ToyModel.prompt(Int.random(in: 0...30, using: &randomness), &randomness)
                    let limit = Int.random(in: 1...120, using: &randomness)
                    let readings =
                        Int.random(in: 0..<5, using: &randomness) == 0 ? Int.random(in: 0...4, using: &randomness) : nil
                    let mailbox = try toy.submit(Array(prompt), maximumTokens: limit)
                    group.addTask {
                        if let readings {
                            for _ in 0..<readings where try await mailbox.next() == nil { return }
                            return mailbox.cancel()
                        }
                        let (answer, usage) = try await mailbox.gather()
                        #expect(answer == toy.alone(Array(prompt), maximumTokens: limit))
                        #expect(usage.promptTokens == prompt.count)
                    }
                }
                try await group.waitForAll()
            }
            await toy.scheduler.stop()
            let counts = toy.scheduler.statistics
            #expect(counts.completedRequests + counts.cancelledRequests == 60)
            #expect(counts.failedRequests == 0)
        }
    }
}
