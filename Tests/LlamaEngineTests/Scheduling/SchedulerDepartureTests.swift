import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: readers that leave or lag", .hangGuard)
struct SchedulerDepartureTests {
    @Test("A cancelled generation's place is free at the next step")
    func cancellationFreesThePlace() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let leaving = try toy.submit([301, 302], maximumTokens: 1_000)
            let waiting = try toy.submit([401, 402], maximumTokens: 3)
            _ = await steps.next()
            toy.probe.permit()
            _ = await steps.next()
            leaving.cancel()
            toy.probe.permit()
            let next = try #require(await steps.next())
            #expect(next.tokens(of: [301]) == 0)
            #expect(next.tokens(of: [401]) > 0)
            toy.probe.release()
            #expect(try await waiting.gather().answer == toy.alone([401, 402], maximumTokens: 3))
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.cancelledRequests == 1)
        }
    }

    @Test("Cancelling the task that reads cancels the generation")
    func cancellingTheReaderCancels() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailbox = try toy.submit([301], maximumTokens: 1_000)
            _ = await steps.next()
            let reader = Task { try await mailbox.gather() }
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            toy.probe.release()
            #expect(try await toy.answer([401], maximumTokens: 3).answer == toy.alone([401], maximumTokens: 3))
            #expect(toy.probe.seen.filter { $0.tokens(of: [301]) > 0 }.count == 1)
        }
    }

    @Test("Dropping the events cancels the generation")
    func droppingTheEventsCancels() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            do {
                let generation = Generation(try toy.submit([301], maximumTokens: 1_000))
                _ = await steps.next()
                _ = generation
            }
            toy.probe.release()
            #expect(try await toy.answer([401], maximumTokens: 3).answer == toy.alone([401], maximumTokens: 3))
            #expect(toy.probe.seen.filter { $0.tokens(of: [301]) > 0 }.count == 1)
        }
    }

    @Test("A request that is cancelled while it waits never runs")
    func cancelledWhileWaitingNeverRuns() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let running = try toy.submit([301], maximumTokens: 5)
            let waiting = try toy.submit([401], maximumTokens: 5)
            _ = await steps.next()
            waiting.cancel()
            toy.probe.release()
            _ = try await running.gather()
            _ = try await toy.answer([402], maximumTokens: 2)
            #expect(!toy.probe.seen.contains { $0.tokens(of: [401]) > 0 })
        }
    }

    @Test("Reading what was cancelled ends with a cancellation, whoever cancelled it")
    func readingWhatWasCancelled() async {
        let mailbox = GenerationMailbox(wakeScheduler: {})
        mailbox.cancel()
        await #expect(throws: CancellationError.self) { try await mailbox.next() }
        let reader = Task { try await mailbox.next() }
        await #expect(throws: CancellationError.self) { try await reader.value }
    }

    @Test("A slow reader pauses its own generation alone, and loses nothing")
    func slowReaderPausesItself() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let slow = try toy.submit([301], maximumTokens: 400)
            _ = await steps.next()
            let brisk = try toy.submit([401], maximumTokens: 700)
            toy.probe.release()
            #expect(try await brisk.gather().answer == toy.alone([401], maximumTokens: 700))
            // What is kept for the slow one is bounded, and so is what was computed for it.
            #expect(slow.isFull)
            let computed = toy.probe.seen.map { $0.tokens(of: [301]) }.reduce(0, +)
            #expect(computed < 150)
            #expect(try await slow.gather().answer == toy.alone([301], maximumTokens: 400))
        }
    }

    @Test("A mailbox is full at its capacity and empty when it was read")
    func mailboxIsBounded() async throws {
        let mailbox = GenerationMailbox(capacity: 2, wakeScheduler: {})
        mailbox.send(.text("a"))
        #expect(!mailbox.isFull)
        mailbox.send(.text("b"))
        #expect(mailbox.isFull)
        #expect(try await mailbox.next() == [.text("a"), .text("b")])
        #expect(!mailbox.isFull)
    }

    @Test("What came before a failure is read before it")
    func eventsComeBeforeTheFailure() async throws {
        let mailbox = GenerationMailbox(wakeScheduler: {})
        let failure = InferenceError(.internal, "broken")
        mailbox.send(.text("a"))
        mailbox.fail(failure)
        #expect(try await mailbox.next() == [.text("a")])
        await #expect(throws: failure) { try await mailbox.next() }
    }
}
