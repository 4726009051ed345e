import Inference
import LlamaEngine
import TestSupport
import Testing

@Suite("Scheduler: drafts", .hangGuard)
struct SchedulerDraftTests {
    @Test("A right prediction gives the same answer in far fewer evaluations")
    func rightPrediction() async throws {
        try await ToyScheduler.run { toy in
            let prompt: [Int32] = [301, 302, 303]
            let tokens = ToyModel.answerTokens(to: prompt, count: 200)
            let mailbox = try toy.submit(prompt, maximumTokens: 200) { $0.prediction = Prediction(tokens) }
            let (answer, usage) = try await mailbox.gather()
            #expect(answer == toy.alone(prompt, maximumTokens: 200))
            #expect(usage.rejectedPredictionTokens == 0)
            #expect(usage.acceptedPredictionTokens > 180)
            #expect(toy.probe.seen.count < 12)
        }
    }

    @Test("A wrong prediction changes nothing but the time")
    func wrongPrediction() async throws {
        try await ToyScheduler.run { toy in
            var randomness = Randomness(90)
            let prompt = ToyModel.prompt(70, &randomness)
            let mailbox = try toy.submit(prompt, maximumTokens: 100) {
                $0.prediction = Prediction((0..<300).map { _ in Int32.random(in: 0..<256, using: &randomness) })
            }
            let (answer, usage) = try await mailbox.gather()
            #expect(answer == toy.alone(prompt, maximumTokens: 100))
            #expect(usage.rejectedPredictionTokens > 0)
        }
    }

    @Test(
        "Edited predictions, many answers at once, little room: every answer is right",
        arguments: 0..<rounds(short: 12, long: 300))
    func editedPredictions(seed: Int) async throws {
        var randomness = Randomness(UInt64(100 + seed))
        let shape = ToyContext.Shape(
            contextLength: 300, sequenceCapacity: 8, canTruncate: seed % 4 != 3,
            cells: [300, 400, 2_000][seed % 3], ends: seed % 2 == 0)
        try await ToyScheduler.run(shape, parallel: 4) { toy in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    let prompt = ToyModel.prompt(Int.random(in: 1...80, using: &randomness), &randomness)
                    let limit = Int.random(in: 1...200, using: &randomness)
                    let stops =
                        Bool.random(using: &randomness) ? [" \(Int.random(in: 0..<256, using: &randomness))"] : []
                    let prediction = edited(ToyModel.answerTokens(to: prompt, count: 150), &randomness)
                    let choices = Int.random(in: 1...2, using: &randomness)
                    let mailbox = try toy.submit(prompt, maximumTokens: limit, stops: stops, choices: choices) {
                        $0.prediction = Prediction(prediction)
                    }
                    group.addTask {
                        let all = try await mailbox.gather(choices: choices)
                        let alone = toy.alone(prompt, maximumTokens: limit, stops: stops)
                        #expect(all.texts == Array(repeating: alone.text, count: choices))
                        #expect(all.usage.completionTokens == choices * alone.completionTokens)
                        if !shape.canTruncate { #expect(all.usage.acceptedPredictionTokens == 0) }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// With some tokens replaced, left out and put in.
    private func edited(_ tokens: [Int32], _ randomness: inout Randomness) -> [Int32] {
        tokens.flatMap { token -> [Int32] in
            switch Int.random(in: 0..<30, using: &randomness) {
            case 0: [Int32.random(in: 0..<256, using: &randomness)]
            case 1: []
            case 2: [token, Int32.random(in: 0..<256, using: &randomness)]
            default: [token]
            }
        }
    }
}
