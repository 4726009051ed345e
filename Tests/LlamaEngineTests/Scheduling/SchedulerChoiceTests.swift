import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: several answers to one prompt", .hangGuard)
struct SchedulerChoiceTests {
    @Test("The prompt is evaluated once, whatever it has of tokens", arguments: [1, 2, 63, 64, 65, 400])
    func promptIsEvaluatedOnce(length: Int) async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(60)
            let prompt = ToyModel.prompt(length, &randomness)
            let all = try await toy.submit(prompt, maximumTokens: 20, choices: 4).gather(choices: 4)
            let alone = toy.alone(prompt, maximumTokens: 20)
            #expect(all.texts == Array(repeating: alone.text, count: 4))
            #expect(all.reasons == Array(repeating: .length, count: 4))
            #expect(all.usage.promptTokens == length)
            #expect(all.usage.completionTokens == 4 * 20)
            // The last token of an answer is never evaluated.
            #expect(toy.probe.evaluated == length + 4 * 19)
        }
    }

    @Test("More answers than places all come to their end", arguments: [true, false])
    func moreAnswersThanPlaces(canTruncate: Bool) async throws {
        let shape = ToyContext.Shape(sequenceCapacity: canTruncate ? 6 : 3, canTruncate: canTruncate, ends: true)
        try await ToyScheduler.run(shape, parallel: 3) { toy in
            var randomness = Randomness(61)
            for choices in 2...8 {
                let prompt = ToyModel.prompt(100, &randomness)
                let all = try await toy.submit(prompt, maximumTokens: 30, choices: choices).gather(choices: choices)
                let alone = toy.alone(prompt, maximumTokens: 30)
                #expect(all.texts == Array(repeating: alone.text, count: choices))
                #expect(all.usage.promptTokens == 100)
            }
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.completedRequests == 7)
        }
    }

    @Test("Answers of one token end without a place of their own")
    func answersOfOneToken() async throws {
        try await ToyScheduler.run(parallel: 1) { toy in
            let all = try await toy.submit([301, 302], maximumTokens: 1, choices: 5).gather(choices: 5)
            #expect(all.usage.completionTokens == 5)
            #expect(toy.probe.evaluated == 2)
            // All places are free again.
            #expect(try await toy.answer([401], maximumTokens: 3).answer == toy.alone([401], maximumTokens: 3))
        }
    }

    @Test("With one seed, each answer draws its own; the first as if it were alone, and all the same again")
    func answersDrawTheirOwn() async throws {
        try await ToyScheduler.run { toy in
            let draw = { (choices: Int) in
                try await toy.submit([301, 302, 303], maximumTokens: 12, choices: choices) {
                    $0.parameters.sampling = SamplingParameters(temperature: 1, seed: 7)
                }.gather(choices: choices).texts
            }
            let four = try await draw(4)
            #expect(Set(four).count == 4)
            #expect(try await draw(4) == four)
            #expect(try await draw(1)[0] == four[0])
        }
    }

    @Test("A reader that leaves frees the places of all answers, begun or not")
    func leavingFreesAll() async throws {
        try await ToyScheduler.run(parallel: 2, queueLimit: 6, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let leaving = try toy.submit([301, 302], maximumTokens: 1_000, choices: 8)
            _ = await steps.next()
            toy.probe.permit()
            _ = await steps.next()
            // Eight are outstanding: there is no place for another.
            #expect(throws: InferenceError.self) { try toy.submit([401]) }
            leaving.cancel()
            toy.probe.release()
            await #expect(throws: CancellationError.self) { while try await leaving.next() != nil {} }
            let waiting = try await submitWhenThereIsRoom(toy)
            #expect(try await waiting.gather().answer == toy.alone([401]))
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.cancelledRequests == 1)
            #expect(toy.scheduler.statistics.completedRequests == 1)
        }
    }

    /// The scheduler takes note of a departure at its next step.
    private func submitWhenThereIsRoom(_ toy: ToyScheduler) async throws -> GenerationMailbox {
        var mailbox: GenerationMailbox?
        try await eventually("there is room again") {
            mailbox = try? toy.submit([401])
            return mailbox != nil
        }
        return try #require(mailbox)
    }

    @Test("A failure ends all answers with one error", arguments: [ToyProbe.Order.fail, .giveNoScores])
    func failureEndsAll(order: ToyProbe.Order) async throws {
        try await ToyScheduler.run(parallel: 4, isHeld: true) { toy in
            var steps = toy.probe.steps.makeAsyncIterator()
            let mailbox = try toy.submit([301, 302], maximumTokens: 100, choices: 4)
            _ = await steps.next()
            toy.probe.permit()
            _ = await steps.next()
            toy.probe.permit(order)
            toy.probe.release()
            await #expect(throws: InferenceError.self) { _ = try await mailbox.gather(choices: 4) }
            #expect(try await toy.answer([401]).answer == toy.alone([401]))
            await toy.scheduler.stop()
            #expect(toy.scheduler.statistics.failedRequests == 1)
        }
    }
}
