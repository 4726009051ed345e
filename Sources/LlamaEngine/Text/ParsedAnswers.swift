import Inference

/// Takes one answer's text apart as it grows, into what the model thought, what it says and which tools it calls.
package protocol AnswerParsing: Sendable {
    /// What can be told with this text added; the answer's number is not filled in.
    mutating func append(_ text: String) -> [AnswerDelta]

    /// The rest, where the answer has ended; and how it ended, which is by calling tools where it did so.
    mutating func finish(_ reason: FinishReason) -> (deltas: [AnswerDelta], reason: FinishReason)

    /// Bytes of the text up to the end of what the model thought; 0 where it did not.
    var reasoningUTF8Length: Int { get }
}

/// The answers of one request, taken apart.
package struct ParsedAnswers: Sendable {
    private struct Answer {
        var parser: any AnswerParsing
        var text = ""
    }

    private var answers: [Answer]
    private let countTokens: @Sendable (String) -> Int
    private var reasoningTokens = 0

    /// - Parameters:
    ///   - parsers: one for each answer.
    ///   - countTokens: how many tokens a piece of an answer takes.
    package init(_ parsers: [any AnswerParsing], countTokens: @escaping @Sendable (String) -> Int) {
        answers = parsers.map { Answer(parser: $0) }
        self.countTokens = countTokens
    }

    package mutating func parse(_ events: [GenerationEvent]) -> [GenerationEvent] {
        var parsed: [GenerationEvent] = []
        for event in events {
            switch event {
            case .delta(let delta): parsed += parse(delta)
            case .finished(let reason, let choice): parsed += finish(reason, choice)
            case .completed(var usage):
                usage.reasoningTokens = min(reasoningTokens, usage.completionTokens)
                parsed.append(.completed(usage))
            }
        }
        return parsed
    }

    /// Log-probabilities are of all tokens, whatever the text becomes; they go with the first piece of it.
    private mutating func parse(_ delta: AnswerDelta) -> [GenerationEvent] {
        answers[delta.choice].text += delta.text
        var deltas = answers[delta.choice].parser.append(delta.text)
        if !delta.logprobs.isEmpty {
            if deltas.isEmpty { deltas.append(AnswerDelta()) }
            deltas[0].logprobs = delta.logprobs
        }
        return events(deltas, delta.choice)
    }

    private mutating func finish(_ reason: FinishReason, _ choice: Int) -> [GenerationEvent] {
        let (deltas, reason) = answers[choice].parser.finish(reason)
        let thought = answers[choice].text.utf8.prefix(answers[choice].parser.reasoningUTF8Length)
        if !thought.isEmpty { reasoningTokens += countTokens(String(decoding: thought, as: UTF8.self)) }
        return events(deltas, choice) + [.finished(reason, choice: choice)]
    }

    private func events(_ deltas: [AnswerDelta], _ choice: Int) -> [GenerationEvent] {
        deltas.map {
            var delta = $0
            delta.choice = choice
            return .delta(delta)
        }
    }
}
