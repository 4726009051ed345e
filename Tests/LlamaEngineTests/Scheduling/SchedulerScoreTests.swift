import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: log-probabilities", .hangGuard)
struct SchedulerScoreTests {
    /// The toy's chosen token has a logit of 1, all others 0.
    private let chosen: Float = {
        let e: Float = 2.718_281_8
        return 1 - logarithm(e + Float(ToyModel.vocabularySize - 1))
    }()

    private static func bytes(_ logprobs: [TokenLogprob]) -> String {
        String(decoding: logprobs.flatMap(\.bytes), as: UTF8.self)
    }

    @Test("Every token of an answer is told of once, with its bytes", arguments: [false, true])
    func everyTokenIsTold(drafted: Bool) async throws {
        try await ToyScheduler.run { toy in
            let prompt: [Int32] = [301, 302]
            let tokens = ToyModel.answerTokens(to: prompt, count: 50)
            let all = try await toy.submit(prompt, maximumTokens: 50) {
                $0.parameters.topLogprobs = 3
                if drafted { $0.prediction = Prediction(tokens) }
            }.gather(choices: 1)
            #expect(all.logprobs[0].map(\.token) == tokens)
            #expect(all.logprobs[0].allSatisfy { abs(($0.logprob ?? 0) - chosen) < 1e-5 })
            #expect(all.logprobs[0].allSatisfy { $0.top.count == 3 && $0.top[0].token == $0.token })
            #expect(Self.bytes(all.logprobs[0]) == all.texts[0])
        }
    }

    @Test("Nothing is told of tokens that became a stop sequence")
    func stopsAreNotTold() async throws {
        try await ToyScheduler.run { toy in
            let prompt: [Int32] = [301, 302]
            let tokens = ToyModel.answerTokens(to: prompt, count: 30)
            let stop = String(decoding: tokens[20..<22].flatMap(ToyModel.bytes), as: UTF8.self)
            let all = try await toy.submit(prompt, maximumTokens: 50, stops: [stop]) {
                $0.parameters.topLogprobs = 0
            }.gather(choices: 1)
            #expect(Self.bytes(all.logprobs[0]) == all.texts[0])
            #expect(all.logprobs[0].count <= 20)
            #expect(all.logprobs[0].allSatisfy { $0.top.isEmpty })
        }
    }

    @Test(
        "A scored prompt is told of whole and in order, even where its beginning is cached",
        arguments: [1, 63, 64, 200])
    func promptIsScored(length: Int) async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(95)
            let prompt = ToyModel.prompt(length, &randomness)
            for _ in 0..<2 {
                let all = try await toy.submit(prompt, maximumTokens: 0, choices: 2) {
                    $0.scoresPrompt = true
                    $0.parameters.topLogprobs = 1
                }.gather(choices: 2)
                #expect(all.logprobs == Array(repeating: all.logprobs[0], count: 2))
                #expect(all.logprobs[0].map(\.token) == prompt)
                #expect(all.logprobs[0].first?.logprob == nil)
                #expect(all.logprobs[0].dropFirst().allSatisfy { $0.logprob != nil && $0.top.count == 1 })
                #expect(all.reasons == [.length, .length])
                #expect(all.usage.completionTokens == 0)
            }
        }
    }
}
