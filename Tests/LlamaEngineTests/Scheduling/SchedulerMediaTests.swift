import Inference
import LlamaEngine
import TestSupport
import Testing

/// Prompts with pictures: stretches whose tokens are negative, evaluated as embeddings.
@Suite("Scheduler: pictures in prompts", .hangGuard)
struct SchedulerMediaTests {
    /// A prompt of texts with pictures between them; the toy context takes a row's first number for its token.
    private struct Prompt {
        var tokens: [Int32] = []
        var media: [MediaSpan] = []

        mutating func add(picture: Int, of count: Int, attendsForward: Bool = false) {
            let ids = (0..<count).map { -Int32(picture * 1_000 + $0 + 1) }
            media.append(
                MediaSpan(
                    range: tokens.count..<(tokens.count + count), embeddings: ids.flatMap { [Float($0), 0] },
                    attendsForward: attendsForward))
            tokens += ids
        }
    }

    private func prompt(picture: Int, count: Int = 30, _ seed: UInt64, attendsForward: Bool = false) -> Prompt {
        var randomness = Randomness(seed)
        var prompt = Prompt(tokens: ToyModel.prompt(70, &randomness))
        prompt.add(picture: picture, of: count, attendsForward: attendsForward)
        prompt.tokens += ToyModel.prompt(9, &randomness)
        return prompt
    }

    private func answer(
        _ prompt: Prompt, on toy: ToyScheduler
    ) async throws -> (answer: ToyAnswer, usage: TokenUsage) {
        try await toy.submit(prompt.tokens) { $0.media = prompt.media }.gather()
    }

    @Test("Answers follow the picture, and its embeddings count as the prompt's tokens")
    func picturesAreRead() async throws {
        try await ToyScheduler.run { toy in
            for picture in 1...2 {
                let prompt = prompt(picture: picture, 60)
                let (answer, usage) = try await answer(prompt, on: toy)
                #expect(answer == toy.alone(prompt.tokens))
                #expect(usage.promptTokens == 109)
            }
        }
    }

    @Test("The same picture is taken from the cache whole; before another one the cache ends")
    func picturesAreReused() async throws {
        try await ToyScheduler.run { toy in
            let (first, second) = (prompt(picture: 1, 61), prompt(picture: 2, 61))
            _ = try await answer(first, on: toy)
            let again = try await answer(first, on: toy)
            #expect(again.usage.cachedPromptTokens == 108)
            let (other, usage) = try await answer(second, on: toy)
            #expect(other == toy.alone(second.tokens))
            #expect(usage.cachedPromptTokens == 70)
        }
    }

    @Test("A picture larger than a batch is evaluated in several, unless its rows attend to one another")
    func largePictures() async throws {
        try await ToyScheduler.run(.init(batchCapacity: 64)) { toy in
            let prompt = prompt(picture: 1, count: 150, 62)
            let answer = try await answer(prompt, on: toy).answer
            #expect(answer == toy.alone(prompt.tokens))
        }
        try await ToyScheduler.run(.init(batchCapacity: 64)) { toy in
            let prompt = prompt(picture: 1, count: 64, 62, attendsForward: true)
            let answer = try await answer(prompt, on: toy).answer
            #expect(answer == toy.alone(prompt.tokens))
        }
    }

    @Test("Pictures, several in a prompt, beside other generations in a cache with little room")
    func manyBesideOthers() async throws {
        var prompts: [Prompt] = []
        for index in 0..<6 {
            var prompt = prompt(picture: index % 3, UInt64(63 + index % 2))
            var randomness = Randomness(UInt64(70 + index))
            prompt.add(picture: 5, of: 17)
            prompt.tokens += ToyModel.prompt(5, &randomness)
            prompts.append(prompt)
        }
        try await ToyScheduler.run(.init(contextLength: 300, cells: 400), parallel: 3) { toy in
            let mailboxes = try prompts.map { prompt in
                try toy.submit(prompt.tokens, maximumTokens: 60) { $0.media = prompt.media }
            }
            for (prompt, mailbox) in zip(prompts, mailboxes) {
                let answer = try await mailbox.gather().answer
                #expect(answer == toy.alone(prompt.tokens, maximumTokens: 60))
            }
        }
    }

    @Test("A repetition penalty passes over pictures")
    func penaltiesSeeTokensOnly() async throws {
        try await ToyScheduler.run { toy in
            let prompt = prompt(picture: 1, 64)
            let mailbox = try toy.submit(prompt.tokens) {
                $0.media = prompt.media
                $0.parameters.sampling.repetitionPenalty = 1.5
            }
            let usage = try await mailbox.gather().usage
            #expect(usage.completionTokens == 40)
        }
    }

    @Test("All answers of one request see the picture")
    func severalAnswers() async throws {
        try await ToyScheduler.run { toy in
            let prompt = prompt(picture: 1, 65)
            let all = try await toy.submit(prompt.tokens, choices: 3) { $0.media = prompt.media }.gather(choices: 3)
            #expect(all.texts == Array(repeating: toy.alone(prompt.tokens).text, count: 3))
            #expect(all.usage.promptTokens == 109)
        }
    }
}
