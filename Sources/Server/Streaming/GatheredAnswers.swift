import Inference

/// One whole answer.
struct GatheredAnswer: Sendable, Equatable {
    /// What it came as, in its order; what followed upon its like is one.
    private(set) var deltas: [AnswerDelta] = []
    var reason = FinishReason.stop

    var text: String { deltas.map(\.text).joined() }

    /// What the model thought before it answered.
    var reasoning: String { deltas.map(\.reasoning).joined() }

    /// Of the answer's tokens, where they were asked for.
    var logprobs: [TokenLogprob] { deltas.flatMap(\.logprobs) }

    var toolCalls: [ToolCall] {
        var calls: [Int: ToolCall] = [:]
        for case let piece? in deltas.map(\.toolCall) {
            var call = calls[piece.index] ?? ToolCall(id: "", name: "", arguments: "")
            if let id = piece.id { call.id = id }
            if let name = piece.name { call.name = name }
            call.arguments += piece.arguments
            calls[piece.index] = call
        }
        return calls.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Takes in more of the answer.
    mutating func add(_ delta: AnswerDelta) {
        guard let last = deltas.indices.last, let kind = deltas[last].kind, kind == delta.kind else {
            deltas.append(delta)
            return
        }
        // In place: the texts grow without being copied.
        deltas[last].text += delta.text
        deltas[last].reasoning += delta.reasoning
        deltas[last].logprobs += delta.logprobs
        deltas[last].toolCall?.arguments += delta.toolCall?.arguments ?? ""
    }
}

extension AnswerDelta {
    fileprivate enum Kind: Equatable {
        case text
        case reasoning
        case call(Int)
    }

    /// What it is, if it is one thing only.
    fileprivate var kind: Kind? {
        switch (text.isEmpty, reasoning.isEmpty, toolCall) {
        case (_, true, nil): .text
        case (true, false, nil): .reasoning
        case (true, true, let call?): .call(call.index)
        default: nil
        }
    }
}

/// All answers of one request, whole.
struct GatheredAnswers: Sendable, Equatable {
    /// As many as the request asked for, in their order.
    let answers: [GatheredAnswer]
    let usage: TokenUsage

    /// - Parameter count: how many answers the request asked for.
    /// - Throws: what the events throw, and ``InferenceError`` where they end before the answers do.
    init<Events: AsyncSequence>(_ events: Events, count: Int) async throws where Events.Element == [GenerationEvent] {
        var answers = Array(repeating: GatheredAnswer(), count: count)
        for try await batch in events {
            for event in batch {
                switch event {
                case .delta(let delta):
                    if answers.indices.contains(delta.choice) { answers[delta.choice].add(delta) }
                case .finished(let reason, let choice):
                    if answers.indices.contains(choice) { answers[choice].reason = reason }
                case .completed(let usage):
                    self.answers = answers
                    self.usage = usage
                    return
                }
            }
        }
        try Task.checkCancellation()
        throw InferenceError.endedEarly
    }
}

extension InferenceError {
    /// Events that end without saying so.
    static let endedEarly = InferenceError(
        .unavailable, "The model stopped before its answer was complete. Send the request again.",
        retryAfterSeconds: 1)
}
