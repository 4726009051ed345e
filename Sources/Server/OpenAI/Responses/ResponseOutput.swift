import Inference

/// The output of a response as it grows: items one after another, out of an answer's deltas.
///
/// A stream tells each change; a reply that does not stream only the items at the end. Both are made of the same.
struct ResponseOutput: Sendable {
    enum Change: Sendable, Equatable {
        /// The item at this index has begun; it has no content yet.
        case began(Int)
        /// The item's text or arguments have grown.
        case grew(Int, by: String, logprobs: [TokenLogprob])
        /// The item is as it will be.
        case ended(Int)
    }

    /// Only the last one changes.
    private(set) var items: [ResponseOutputItem] = []
    /// Of tokens whose text has not come yet: they are part of a character.
    private var waitingLogprobs: [TokenLogprob] = []
    /// Which of the answer's calls the last item is, if it is one.
    private var call: Int?

    init() {}

    /// All of an answer that is whole.
    init(_ answer: GatheredAnswer) {
        for delta in answer.deltas { _ = add(delta) }
        _ = finish(answer.reason)
    }

    /// Takes in more of the answer.
    mutating func add(_ delta: AnswerDelta) -> [Change] {
        var changes: [Change] = []
        if !delta.reasoning.isEmpty { add(reasoning: delta.reasoning, &changes) }
        if !delta.text.isEmpty {
            add(text: delta.text, delta.logprobs, &changes)
        } else if delta.reasoning.isEmpty, delta.toolCall == nil {
            waitingLogprobs += delta.logprobs
        }
        if let call = delta.toolCall { add(call, &changes) }
        return changes
    }

    /// Ends the answer.
    mutating func finish(_ reason: FinishReason) -> [Change] {
        var changes: [Change] = []
        // An answer of no tokens is an empty message, so that there is one.
        if items.isEmpty, reason != .length { begin(.message, &changes) }
        if !waitingLogprobs.isEmpty, items.last?.kind == .message { add(text: "", [], &changes) }
        endLast(reason == .length ? .incomplete : .completed, &changes)
        return changes
    }

    private mutating func add(reasoning: String, _ changes: inout [Change]) {
        waitingLogprobs = []
        if items.last?.kind != .reasoning { begin(.reasoning, &changes) }
        grow(by: reasoning, [], &changes)
    }

    private mutating func add(text: String, _ logprobs: [TokenLogprob], _ changes: inout [Change]) {
        if items.last?.kind != .message { begin(.message, &changes) }
        grow(by: text, waitingLogprobs + logprobs, &changes)
        waitingLogprobs = []
    }

    private mutating func add(_ delta: ToolCallDelta, _ changes: inout [Change]) {
        waitingLogprobs = []
        if call != delta.index {
            begin(.functionCall(callID: delta.id ?? .identifier("call_"), name: delta.name ?? ""), &changes)
            call = delta.index
        }
        if !delta.arguments.isEmpty { grow(by: delta.arguments, [], &changes) }
    }

    private mutating func begin(_ kind: ResponseOutputItem.Kind, _ changes: inout [Change]) {
        endLast(.completed, &changes)
        call = nil
        changes.append(.began(items.count))
        items.append(ResponseOutputItem(kind))
    }

    private mutating func grow(by text: String, _ logprobs: [TokenLogprob], _ changes: inout [Change]) {
        let last = items.count - 1
        items[last].text += text
        items[last].logprobs += logprobs
        changes.append(.grew(last, by: text, logprobs: logprobs))
    }

    private mutating func endLast(_ status: ResponseOutputItem.Status, _ changes: inout [Change]) {
        guard let last = items.indices.last, items[last].status == .inProgress else { return }
        items[last].status = status
        changes.append(.ended(last))
    }
}
