import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler", .hangGuard)
struct SchedulerTests {
    @Test("Eight generations at once each give what they give alone", arguments: [64, 7, 512])
    func eightAtOnceAreAsAlone(batchCapacity: Int) async throws {
        try await ToyScheduler.run(.init(batchCapacity: batchCapacity, ends: true)) { toy in
            var randomness = Randomness(40)
            let prompts = [1, 2, 63, 64, 65, 200, 300, 17].map { ToyModel.prompt($0, &randomness) }
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 300) }
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                let (answer, usage) = try await mailbox.gather()
                #expect(answer == toy.alone(prompt, maximumTokens: 300))
                #expect(usage.promptTokens == prompt.count)
            }
        }
    }

    @Test("More requests than places wait for their turn, and each gets its own answer")
    func waitingRequestsGetTheirTurn() async throws {
        try await ToyScheduler.run(parallel: 3) { toy in
            var randomness = Randomness(41)
            let prompts = (0..<20).map { _ in ToyModel.prompt(Int.random(in: 1...90, using: &randomness), &randomness) }
            let mailboxes = try prompts.map { try toy.submit($0) }
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                #expect(try await mailbox.gather().answer == toy.alone(prompt))
            }
        }
    }

    @Test("A stop sequence that spans tokens ends an answer")
    func stopsEndAnswers() async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(42)
            let prompt = ToyModel.prompt(20, &randomness)
            let whole = toy.alone(prompt).text
            let middle = whole.index(whole.startIndex, offsetBy: whole.count / 2)
            let stop = String(whole[middle...].prefix(9))
            let answer = try await toy.answer(prompt, stops: [stop]).answer
            #expect(answer == toy.alone(prompt, stops: [stop]))
            #expect(answer.reason == .stop)
            #expect(answer.text.count < whole.count)
        }
    }

    @Test("An answer ends where its limit or the context ends")
    func limitsEndAnswers() async throws {
        try await ToyScheduler.run(.init(contextLength: 100)) { toy in
            var randomness = Randomness(43)
            let prompt = ToyModel.prompt(90, &randomness)
            let limited = try await toy.answer(prompt, maximumTokens: 4)
            #expect(limited.answer == toy.alone(prompt, maximumTokens: 4))
            #expect(limited.answer.completionTokens == 4)
            let full = try await toy.answer(prompt, maximumTokens: 500)
            #expect(full.answer.completionTokens == 10)
            #expect(full.answer.reason == .length)
        }
    }

    @Test("While a long prompt is read, a running answer gets a token in every step")
    func longPromptDoesNotStallAnswers() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var randomness = Randomness(44)
            let (short, long) = (ToyModel.prompt(3, &randomness), ToyModel.prompt(700, &randomness))
            var steps = toy.probe.steps.makeAsyncIterator()
            let running = try toy.submit(short, maximumTokens: 60)
            _ = await steps.next()
            let reading = try toy.submit(long, maximumTokens: 5)
            toy.probe.release()
            #expect(try await running.gather().answer == toy.alone(short, maximumTokens: 60))
            #expect(try await reading.gather().answer == toy.alone(long, maximumTokens: 5))

            let last = try #require(toy.probe.seen.lastIndex { $0.tokens(of: short) > 0 })
            let beside = toy.probe.seen[...last]
            #expect(beside.contains { $0.tokens(of: long) > 0 })
            for (step, following) in zip(beside, beside.dropFirst()) where step.tokens(of: short) == 0 {
                #expect(following.tokens(of: short) == 1, "never two evaluations in a row without the answer")
            }
        }
    }

    @Test("Answers that run together advance together")
    func answersAdvanceTogether() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var randomness = Randomness(45)
            let prompts = (0..<8).map { _ in ToyModel.prompt(2, &randomness) }
            var steps = toy.probe.steps.makeAsyncIterator()
            let first = try toy.submit(ToyModel.prompt(5, &randomness), maximumTokens: 1)
            _ = await steps.next()
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 50) }
            toy.probe.release()
            _ = try await first.gather()
            for mailbox in mailboxes { _ = try await mailbox.gather() }
            let together = toy.probe.seen.count { step in prompts.allSatisfy { step.tokens(of: $0) == 1 } }
            #expect(together >= 40)
        }
    }

    @Test("The number of threads reaches the context, at least one")
    func threadsReachTheContext() async throws {
        try await ToyScheduler.run { toy in
            var threads = toy.probe.threads.makeAsyncIterator()
            toy.scheduler.setThreads(3)
            #expect(await threads.next() == 3)
            toy.scheduler.setThreads(0)
            #expect(await threads.next() == 1)
            _ = try await toy.answer([300], maximumTokens: 2)
            #expect(toy.scheduler.statistics.threads == 1)
        }
    }

    @Test("A context that cannot be made fails the start")
    func failedContextFailsTheStart() async {
        let scheduler = Scheduler(parallel: 1, queueLimit: 1)
        await #expect(throws: InferenceError(.unavailable, "no memory")) {
            try await scheduler.start(tokenizer: ToyPieces(), suppressed: [], threads: 1) { () throws -> ToyContext in
                throw InferenceError(.unavailable, "no memory")
            }
        }
    }

    @Test("The counts tell what was done")
    func countsTellWhatWasDone() async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(46)
            let prompt = ToyModel.prompt(30, &randomness)
            _ = try await toy.answer(prompt, maximumTokens: 10)
            _ = try await toy.answer(prompt, maximumTokens: 10)
            await toy.scheduler.stop()
            let counts = toy.scheduler.statistics
            #expect(counts.completedRequests == 2)
            #expect(counts.completionTokens == 20)
            #expect(counts.promptTokens == 31)
            #expect(counts.cachedPromptTokens == 29)
            #expect(counts.steps == toy.probe.seen.count)
            #expect((counts.running, counts.queued, counts.failedRequests, counts.cancelledRequests) == (0, 0, 0, 0))
        }
    }
}
