import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: limits and failures", .hangGuard)
struct SchedulerLimitTests {
    @Test("A full queue refuses with overloaded, and a place that is free again is given")
    func fullQueueRefuses() async throws {
        try await ToyScheduler.run(parallel: 2, queueLimit: 1, isHeld: true) { toy in
            let mailboxes = try [[301], [302], [303]].map { try toy.submit($0, maximumTokens: 3) }
            let error = #expect(throws: InferenceError.self) { try toy.submit([304]) }
            #expect(error?.kind == .overloaded)
            #expect(error?.retryAfterSeconds != nil)
            toy.probe.release()
            _ = try await mailboxes[0].gather()
            // Who hears of the end finds the place free.
            let next = try toy.submit([305], maximumTokens: 3)
            for mailbox in mailboxes[1...] + [next] { _ = try await mailbox.gather() }
        }
    }

    @Test("Stopping fails what runs and waits, and refuses what comes later")
    func stoppingFailsAll() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailboxes = try [[301], [302]].map { try toy.submit($0, maximumTokens: 1_000) }
            _ = await steps.next()
            async let stopped: Void = toy.scheduler.stop()
            try await untilStopping(toy)
            toy.probe.release()
            await stopped
            for mailbox in mailboxes {
                let error = await #expect(throws: InferenceError.self) { _ = try await mailbox.gather() }
                #expect(error?.kind == .unavailable)
            }
            let error = #expect(throws: InferenceError.self) { try toy.submit([304]) }
            #expect(error?.kind == .unavailable)
            #expect(toy.scheduler.statistics.running == 0)
        }
    }

    @Test("Who left before the scheduler stops is counted as cancelled, not as failed")
    func leavingBeforeTheStop() async throws {
        try await ToyScheduler.run(parallel: 1, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let leaving = try [[301], [302]].map { try toy.submit($0, maximumTokens: 1_000) }
            _ = await steps.next()
            for mailbox in leaving { mailbox.cancel() }
            async let stopped: Void = toy.scheduler.stop()
            try await untilStopping(toy)
            toy.probe.release()
            await stopped
            #expect(toy.scheduler.statistics.failedRequests == 0)
            #expect(toy.scheduler.statistics.cancelledRequests >= 2)
        }
    }

    /// Returns when the scheduler has been told to stop: from then on it takes nothing, whether there is room or not.
    private func untilStopping(_ toy: ToyScheduler) async throws {
        try await eventually("the scheduler has been told to stop") {
            do {
                try toy.submit([303]).cancel()
                return false
            } catch {
                return (error as? InferenceError)?.kind == .unavailable
            }
        }
    }

    @Test("A failed evaluation fails the requests of its batch alone, and later ones work")
    func failedEvaluationFailsItsBatch() async throws {
        try await ToyScheduler.run(parallel: 2, isHeld: true) { toy in
            var randomness = Randomness(60)
            var steps = toy.probe.steps.makeAsyncIterator()
            let prompts = (0..<3).map { _ in ToyModel.prompt(20, &randomness) }
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 10) }
            // Until both that run have had a token.
            while let step = await steps.next(), !prompts[..<2].allSatisfy({ step.tokens(of: $0) == 1 }) {
                toy.probe.permit()
            }
            toy.probe.permit(.fail)
            _ = await steps.next()
            toy.probe.release()
            for mailbox in mailboxes[..<2] {
                let error = await #expect(throws: InferenceError.self) { _ = try await mailbox.gather() }
                #expect(error?.kind == .internal)
            }
            #expect(try await mailboxes[2].gather().answer == toy.alone(prompts[2], maximumTokens: 10))
            for prompt in prompts {
                #expect(try await toy.answer(prompt).answer == toy.alone(prompt))
            }
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.failedRequests == 2)
        }
    }

    @Test("A running generation that is not in the failed batch goes on")
    func othersSurviveAFailedEvaluation() async throws {
        try await ToyScheduler.run(parallel: 2, isHeld: true) { toy in
            var randomness = Randomness(61)
            let (short, long) = (ToyModel.prompt(3, &randomness), ToyModel.prompt(400, &randomness))
            var steps = toy.probe.steps.makeAsyncIterator()
            let answering = try toy.submit(short, maximumTokens: 60)
            _ = await steps.next()
            let reading = try toy.submit(long, maximumTokens: 5)
            toy.probe.permit()
            var failed: ToyStep?
            while failed == nil, let step = await steps.next() {
                if step.tokens(of: long) > 0 { failed = step }
                toy.probe.permit(failed == nil ? .compute : .fail)
            }
            toy.probe.release()
            let step = try #require(failed)
            for (prompt, mailbox, limit) in [(short, answering, 60), (long, reading, 5)] {
                if step.tokens(of: prompt) > 0 {
                    await #expect(throws: InferenceError.self) { _ = try await mailbox.gather() }
                } else {
                    #expect(try await mailbox.gather().answer == toy.alone(prompt, maximumTokens: limit))
                }
            }
        }
    }

    @Test("A model that gives no scores fails the request, and the next one works")
    func missingScoresFailTheRequest() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailbox = try toy.submit([301])
            _ = await steps.next()
            toy.probe.permit(.giveNoScores)
            let error = await #expect(throws: InferenceError.self) { _ = try await mailbox.gather() }
            #expect(error?.kind == .internal)
            toy.probe.release()
            #expect(try await toy.answer([301]).answer == toy.alone([301]))
        }
    }
}
