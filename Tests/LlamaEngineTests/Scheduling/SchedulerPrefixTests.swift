import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: reuse of prefixes", .hangGuard)
struct SchedulerPrefixTests {
    @Test("A conversation's next turn reuses all that was evaluated of the last one")
    func nextTurnReusesTheLast() async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(50)
            let prompt = ToyModel.prompt(150, &randomness)
            let first = try await toy.answer(prompt, maximumTokens: 20)
            #expect(first.usage.cachedPromptTokens == 0)
            var answer: [Int32] = []
            for _ in 0..<20 { answer.append(ToyModel.next(after: prompt + answer, ends: false)) }
            let next = prompt + answer + ToyModel.prompt(10, &randomness)
            let second = try await toy.answer(next)
            #expect(second.answer == toy.alone(next))
            // The answer's last token was never evaluated.
            #expect(second.usage.cachedPromptTokens == 169)
        }
    }

    @Test("A prompt that shares a beginning with an idle sequence takes it and leaves the sequence whole")
    func sharedBeginningIsTaken() async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(51)
            let shared = ToyModel.prompt(100, &randomness)
            let prompts = (0..<3).map { _ in shared + ToyModel.prompt(30, &randomness) }
            for (index, prompt) in prompts.enumerated() {
                let (answer, usage) = try await toy.answer(prompt)
                #expect(answer == toy.alone(prompt))
                #expect(usage.cachedPromptTokens == (index == 0 ? 0 : 100))
            }
            for prompt in prompts {
                let (answer, usage) = try await toy.answer(prompt)
                #expect(answer == toy.alone(prompt))
                #expect(usage.cachedPromptTokens == 129)
            }
        }
    }

    @Test("A prefix is taken from a sequence that runs, and neither answer suffers")
    func runningSequencesShare() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var randomness = Randomness(52)
            let prompt = ToyModel.prompt(64, &randomness)
            let other = prompt.prefix(40) + ToyModel.prompt(9, &randomness)
            var steps = toy.probe.steps.makeAsyncIterator()
            let running = try toy.submit(prompt, maximumTokens: 60)
            _ = await steps.next()
            toy.probe.permit()
            _ = await steps.next()
            let joining = try toy.submit(Array(other))
            toy.probe.release()
            let joined = try await joining.gather()
            #expect(joined.answer == toy.alone(Array(other)))
            #expect(joined.usage.cachedPromptTokens == 40)
            #expect(try await running.gather().answer == toy.alone(prompt, maximumTokens: 60))
        }
    }

    @Test("Prompts with one beginning that come together have it read once")
    func commonBeginningIsReadOnce() async throws {
        try await ToyScheduler.run(isHeld: true) { toy in
            var randomness = Randomness(53)
            let shared = ToyModel.prompt(640, &randomness)
            let prompts = (0..<6).map { _ in shared + ToyModel.prompt(4, &randomness) }
            var steps = toy.probe.steps.makeAsyncIterator()
            let first = try toy.submit(ToyModel.prompt(2, &randomness), maximumTokens: 1)
            _ = await steps.next()
            let mailboxes = try prompts.map { try toy.submit($0, maximumTokens: 3) }
            toy.probe.release()
            _ = try await first.gather()
            var cached: [Int] = []
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                let (answer, usage) = try await mailbox.gather()
                #expect(answer == toy.alone(prompt, maximumTokens: 3))
                cached.append(usage.cachedPromptTokens)
            }
            // One reads it; the others join when less than a chunk of 64 is missing.
            #expect(cached.count { $0 == 0 } == 1)
            #expect(cached.filter { $0 > 0 }.allSatisfy { $0 >= 640 - 64 })
            #expect(toy.probe.evaluated <= 2 + 640 + 5 * 64 + 6 * (4 + 2))
        }
    }

    @Test("A prompt does not wait for one whose reader lags behind")
    func slowReaderHoldsUpNoSharer() async throws {
        // The cache makes the first give way; it comes back to a full mailbox and has its prompt to read again.
        let shape = ToyContext.Shape(contextLength: 300, cells: 300)
        try await ToyScheduler.run(shape, parallel: 2) { toy in
            var randomness = Randomness(54)
            let shared = ToyModel.prompt(120, &randomness)
            let lagging = try toy.submit(shared + [300], maximumTokens: 150)
            let sharing = try await toy.answer(shared + [301], maximumTokens: 20)
            #expect(sharing.answer == toy.alone(shared + [301], maximumTokens: 20))
            let other = ToyModel.prompt(200, &randomness)
            #expect(try await toy.answer(other, maximumTokens: 90).answer == toy.alone(other, maximumTokens: 90))
            let again = try await toy.answer(shared + [302], maximumTokens: 20)
            #expect(again.answer == toy.alone(shared + [302], maximumTokens: 20))
            #expect(try await lagging.gather().answer == toy.alone(shared + [300], maximumTokens: 150))
        }
    }

    @Test("Where sequences cannot be cut, answers are right and whole sequences are reused")
    func wholeSequencesAreReused() async throws {
        try await ToyScheduler.run(.init(sequenceCapacity: 4, canTruncate: false), parallel: 4) { toy in
            var randomness = Randomness(55)
            let shared = ToyModel.prompt(100, &randomness)
            let prompts = (0..<8).map { _ in shared + ToyModel.prompt(12, &randomness) }
            let mailboxes = try prompts.map { try toy.submit($0) }
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                #expect(try await mailbox.gather().answer == toy.alone(prompt))
            }
            var conversation = prompts[0]
            for _ in 0..<41 { conversation.append(ToyModel.next(after: conversation, ends: false)) }
            let first = try await toy.answer(prompts[0])
            #expect(first.answer == toy.alone(prompts[0]))
            let second = try await toy.answer(conversation)
            #expect(second.answer == toy.alone(conversation))
            #expect(second.usage.cachedPromptTokens == prompts[0].count + 39)
        }
    }
}
