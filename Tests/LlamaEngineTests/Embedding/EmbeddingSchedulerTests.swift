import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Embedding scheduler", .hangGuard)
struct EmbeddingSchedulerTests {
    private typealias Toy = ToyEmbedding

    @Test("Vectors come in the order of the texts, however they were packed")
    func vectorsComeInOrder() async throws {
        var random = Randomness(11)
        let requests = (0..<20).map { _ in
            (0..<Int.random(in: 1...60, using: &random)).map { _ in
                Toy.text(.random(in: 0...500, using: &random), length: .random(in: 1...40, using: &random))
            }
        }
        try await Toy.run { toy in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for texts in requests {
                    let job = try toy.scheduler.submit(texts)
                    group.addTask {
                        let vectors = try await job.vectors()
                        #expect(vectors == Toy.vectors(of: texts))
                    }
                }
                try await group.waitForAll()
            }
            #expect(toy.probe.evaluated == requests.joined().map(\.count).reduce(0, +))
        }
    }

    @Test("A text longer than the budget is evaluated, by itself")
    func longTextsAreAlone() async throws {
        try await Toy.run(.init(tokenBudget: 16)) { toy in
            let texts = [Toy.text(1, length: 100), Toy.text(2, length: 3)]
            let vectors = try await toy.scheduler.submit(texts).vectors()
            #expect(vectors == Toy.vectors(of: texts))
            #expect(toy.probe.seen.map(\.advanced.count) == [1, 1])
        }
    }

    @Test("Texts of different requests share a batch")
    func requestsShareBatches() async throws {
        try await Toy.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let first = try toy.scheduler.submit([Toy.text(1, length: 4)])
            _ = await steps.next()
            let others = try (2...5).map { try toy.scheduler.submit([Toy.text($0, length: 4)]) }
            toy.probe.permit()
            #expect(await steps.next()?.advanced.map(\.prompt).sorted() == [2, 3, 4, 5])
            toy.probe.release()
            _ = try await first.vectors()
            for (first, job) in zip(Int32(2)..., others) {
                #expect(try await job.vectors() == Toy.vectors(of: [Toy.text(first, length: 4)]))
            }
        }
    }

    @Test("A short query that comes during a large job is in the next batch")
    func shortQueriesAreNotHeldUp() async throws {
        try await Toy.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let large = try toy.scheduler.submit((0..<500).map { _ in Toy.text(1, length: 30) })
            _ = await steps.next()
            let query = try toy.scheduler.submit([Toy.text(2, length: 3)])
            toy.probe.permit()
            #expect(await steps.next()?.tokens(of: [2]) == 3)
            toy.probe.release()
            #expect(try await query.vectors() == Toy.vectors(of: [Toy.text(2, length: 3)]))
            #expect(try await large.vectors().count == 500 * ToyPoolingContext.width)
        }
    }

    @Test("A request without texts has no vectors")
    func nothingGivesNothing() async throws {
        try await Toy.run { toy in
            let vectors = try await toy.scheduler.submit([]).vectors()
            #expect(vectors.isEmpty)
        }
    }

    @Test("Threads change between two batches")
    func threadsChange() async throws {
        try await Toy.run { toy in
            var threads = toy.probe.threads.makeAsyncIterator()
            toy.scheduler.setThreads(1)
            #expect(await threads.next() == 1)
            _ = try await toy.scheduler.submit([[1]]).vectors()
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.threads == 1)
        }
    }

    @Test("The statistics count requests, tokens and batches, before who waits goes on")
    func statisticsCount() async throws {
        try await Toy.run { toy in
            let texts = [Toy.text(1, length: 20), Toy.text(2, length: 20)]
            _ = try await toy.scheduler.submit(texts).vectors()
            let expected = EngineStatistics(threads: 2, completedRequests: 1, promptTokens: 40, steps: 2)
            #expect(toy.scheduler.statistics == expected)
        }
    }

    @Test("While a batch is computed its requests run and the others wait")
    func statisticsTellRunningFromWaiting() async throws {
        try await Toy.run(.init(tokenBudget: 8), isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let first = try toy.scheduler.submit((0..<20).map { _ in Toy.text(1, length: 8) })
            _ = await steps.next()
            let second = try toy.scheduler.submit([Toy.text(2, length: 8)])
            let third = try toy.scheduler.submit([Toy.text(3, length: 8)])
            repeat { toy.probe.permit() } while await steps.next()?.tokens(of: [2]) == 0
            #expect(toy.scheduler.statistics.running == 2)
            #expect(toy.scheduler.statistics.queued == 1)
            toy.probe.release()
            for job in [first, second, third] { _ = try await job.vectors() }
        }
    }
}
