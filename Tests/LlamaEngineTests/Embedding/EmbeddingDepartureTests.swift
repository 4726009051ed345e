import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Embedding scheduler: requests that end early", .hangGuard)
struct EmbeddingDepartureTests {
    private typealias Toy = ToyEmbedding

    @Test("A request whose task is cancelled is dropped before the next batch")
    func cancellationEndsTheWork() async throws {
        try await Toy.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let job = try toy.scheduler.submit((0..<100).map { _ in Toy.text(1, length: 30) })
            let waiting = Task { try await job.vectors() }
            _ = await steps.next()
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            let next = try toy.scheduler.submit([Toy.text(2, length: 3)])
            toy.probe.release()
            #expect(try await next.vectors() == Toy.vectors(of: [Toy.text(2, length: 3)]))
            await toy.scheduler.stop()
            #expect(toy.probe.seen.filter { $0.tokens(of: [1]) > 0 }.count == 1)
            #expect(toy.scheduler.statistics.cancelledRequests == 1)
            #expect(toy.scheduler.statistics.completedRequests == 1)
        }
    }

    @Test("A request that is cancelled while it waits is never computed")
    func cancelledWhileWaitingIsNeverComputed() async throws {
        try await Toy.run(.init(textCapacity: 1), isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let first = try toy.scheduler.submit([[1]])
            _ = await steps.next()
            let second = try toy.scheduler.submit([[2]])
            let waiting = Task { try await second.vectors() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            toy.probe.release()
            _ = try await first.vectors()
            await toy.scheduler.stop()
            #expect(toy.probe.seen.count == 1)
        }
    }

    @Test("A batch that fails fails the requests that have a text in it, and no other")
    func failureIsOfTheBatch() async throws {
        try await Toy.run(.init(tokenBudget: 8), isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let failing = try toy.scheduler.submit([Toy.text(1, length: 8), Toy.text(1, length: 8)])
            _ = await steps.next()
            let other = try toy.scheduler.submit([Toy.text(2, length: 8)])
            toy.probe.permit(.fail)
            let error = await #expect(throws: InferenceError.self) { try await failing.vectors() }
            #expect(error?.kind == .internal)
            toy.probe.release()
            #expect(try await other.vectors() == Toy.vectors(of: [Toy.text(2, length: 8)]))
            await toy.scheduler.stop()
            #expect(toy.probe.seen.count == 2)
            #expect(toy.scheduler.statistics.failedRequests == 1)
        }
    }

    @Test("Where the limit is reached a request is turned away, until one has ended")
    func limitIsKept() async throws {
        try await Toy.run(requestLimit: 2, isHeld: true) { toy in
            let jobs = [try toy.scheduler.submit([[1]]), try toy.scheduler.submit([[2]])]
            let error = #expect(throws: InferenceError.self) { try toy.scheduler.submit([[3]]) }
            #expect(error?.kind == .overloaded)
            #expect(error?.retryAfterSeconds != nil)
            toy.probe.release()
            for job in jobs { _ = try await job.vectors() }
            #expect(try await toy.scheduler.submit([[4]]).vectors() == Toy.vectors(of: [[4]]))
        }
    }

    @Test("Stopping fails what is in flight, and what comes after")
    func stoppingFailsTheRest() async throws {
        try await Toy.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let job = try toy.scheduler.submit((0..<100).map { _ in Toy.text(1, length: 30) })
            _ = await steps.next()
            async let stopped: Void = toy.scheduler.stop()
            try await eventually("the scheduler has been told to stop") {
                do {
                    _ = try toy.scheduler.submit([[2]])
                    return false
                } catch {
                    // A full queue refuses otherwise.
                    return (error as? InferenceError)?.kind == .unavailable
                }
            }
            toy.probe.release()
            await stopped
            let error = await #expect(throws: InferenceError.self) { try await job.vectors() }
            #expect(error?.kind == .unavailable)
        }
    }

    @Test("A context that cannot be made is told to who starts")
    func startFails() async throws {
        let scheduler = EmbeddingScheduler(requestLimit: 1)
        let reason = InferenceError(.unavailable, "There is not enough memory.")
        await #expect(throws: reason) {
            try await scheduler.start(threads: 1) { () throws -> ToyPoolingContext in throw reason }
        }
        await scheduler.stop()
    }
}
