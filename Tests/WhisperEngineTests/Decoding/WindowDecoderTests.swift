import Foundation
import Inference
import Testing
import WhisperEngine

@Suite struct WindowDecoderTests {
    private let settings: WhisperSettings
    private let time = WhisperSettings.time
    private let end = WhisperSettings.end

    init() throws { settings = try .small() }

    private let beginning: [Int32] = [257, 258, 262]

    private func answer(
        _ model: ScriptedModel, _ strategy: DecodingStrategy, previous: [Int32] = [], seed: UInt64 = 1
    ) throws -> WindowDecoder.Answer {
        var random = SplitMix(seed: seed)
        return try WindowDecoder(model).decode(
            previous: previous, beginning: beginning, strategy, using: &random)
    }

    /// The likeliest first letter leads to unlikely ones; the second one to a certain end.
    private func trap() -> ScriptedModel {
        ScriptedModel(settings) { [time, end] _, tokens in
            let text = Array(tokens.dropFirst(3))
            switch text.dropFirst().map(Int.init) {
            case [] where text.isEmpty: return [time(0): 9]
            case []: return [65: 1, 66: 0.9]
            case [65]: return [67: 0, 68: 0, 69: 0, 70: 0]
            case [66]: return [end: 9]
            default: return [end: 9]
            }
        }
    }

    @Test func `greedy takes the likeliest token each time`() throws {
        let answer = try answer(trap(), .greedy)
        #expect(answer.choices.map(\.token).prefix(2) == [time(0), 65])
    }

    @Test func `a beam finds the text that is likelier as a whole`() throws {
        let model = trap()
        let answer = try answer(model, .beam(size: 2))
        #expect(answer.choices.map(\.token) == [time(0), 66])
        #expect(model.widths.max() == 2)
    }

    @Test func `the mean logprob counts the end`() throws {
        let answer = try answer(trap(), .beam(size: 2))
        // 9 against the logits of −20 that others have is certain; 0.9 against 1 is not.
        let chosen = 0.9 - log(exp(1.0) + exp(0.9))
        #expect(abs(Double(answer.averageLogprob) - chosen / 3) < 1e-4)
    }

    @Test func `samples differ by seed, and are the same for the same one`() throws {
        let model = ScriptedModel(settings) { [time, end] _, tokens in
            tokens.count == 3 ? [time(0): 9] : tokens.count > 12 ? [end: 9] : [65: 0, 66: 0, 67: 0, 68: 0]
        }
        let first = try answer(model, .sampling(temperature: 1, rows: 1), seed: 1)
        #expect(try answer(model, .sampling(temperature: 1, rows: 1), seed: 1) == first)
        #expect(try answer(model, .sampling(temperature: 1, rows: 1), seed: 2) != first)
    }

    @Test func `the likeliest of five samples wins`() throws {
        let model = ScriptedModel(settings) { [time, end] _, tokens in
            tokens.count == 3 ? [time(0): 9] : tokens.count == 4 ? [65: 3, 66: 0, 67: 0] : [end: 9]
        }
        let answer = try answer(model, .sampling(temperature: 1, rows: 5))
        #expect(answer.choices.map(\.token) == [time(0), 65])
        #expect(model.widths.contains(5))
    }

    @Test func `a text without an end stops at half of the model's positions`() throws {
        let model = ScriptedModel(settings) { [time] _, tokens in tokens.count == 3 ? [time(0): 9] : [65: 9] }
        #expect(try answer(model, .greedy).choices.count == settings.textPositions / 2)
    }

    @Test func `with a long prompt it stops where the positions end`() throws {
        let model = ScriptedModel(settings) { [time] _, tokens in tokens.last == 262 ? [time(0): 9] : [65: 9] }
        let answer = try answer(model, .greedy, previous: [264] + [Int32](repeating: 65, count: 50))
        #expect(answer.choices.count == 64 - 51 - 3)
    }

    @Test func `the chance of silence is read behind the start's token`() throws {
        let model = ScriptedModel(settings) { [time, end] _, tokens in
            switch tokens.count {
            case 1: [265: 5, 65: 5]
            case 3: [time(0): 9]
            default: [end: 9]
            }
        }
        #expect(abs(try answer(model, .greedy).noSpeechProbability - 0.5) < 1e-4)
    }

    @Test func `what is no number is an error`() throws {
        let all = Dictionary(uniqueKeysWithValues: (0..<Int32(settings.vocabulary)).map { ($0, Float.nan) })
        let model = ScriptedModel(settings) { _, _ in all }
        #expect(throws: InferenceError.self) { try answer(model, .greedy) }
    }

    @Test func `it stops between two tokens when cancelled`() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let settings = try WhisperSettings.small()
            let model = ScriptedModel(settings) { _, tokens in tokens.count == 3 ? [267: 9] : [65: 9] }
            var random = SplitMix(seed: 1)
            _ = try WindowDecoder(model).decode(
                previous: [], beginning: [257, 258, 262], .greedy, using: &random)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
