import Inference
import RunnerProtocol
import Runners

/// The answers to all prompts of one request as the events of one generation: prompt after prompt, while the next few
/// are worked on already.
struct PromptEvents: AsyncSequence, Sendable {
    typealias Element = [GenerationEvent]
    typealias Start = @Sendable (_ prompt: Int) async throws -> StartedGeneration

    /// How many prompts there are.
    let prompts: Int
    /// How many answers each has.
    let choices: Int
    /// Those that have their place already: the first of the prompts, in order; at least one.
    let started: [StartedGeneration]
    let start: Start

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        private let sequence: PromptEvents
        /// Those that run and are not read yet.
        private var waiting: ArraySlice<StartedGeneration>
        private var current: GenerationEvents.AsyncIterator?
        /// The prompt that is read.
        private var prompt = -1
        private var usage = TokenUsage(promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0)

        init(_ sequence: PromptEvents) {
            self.sequence = sequence
            waiting = sequence.started[...]
        }

        mutating func next() async throws -> [GenerationEvent]? {
            while true {
                guard current != nil || takeNext() else { return nil }
                guard let batch = try await current?.next() else {
                    try Task.checkCancellation()
                    throw InferenceError.endedEarly
                }
                var isComplete = false
                var events = batch.compactMap { event in
                    if case .completed = event { isComplete = true }
                    return renumbered(event)
                }
                if isComplete {
                    current = nil
                    if prompt + 1 == sequence.prompts {
                        events.append(.completed(usage))
                    } else {
                        try await startAnother()
                    }
                }
                if !events.isEmpty { return events }
            }
        }

        /// - Returns: whether there is another prompt.
        private mutating func takeNext() -> Bool {
            guard let next = waiting.popFirst() else { return false }
            current = next.events.makeAsyncIterator()
            prompt += 1
            return true
        }

        /// Keeps as many at work as at the start.
        private mutating func startAnother() async throws {
            let next = prompt + 1 + waiting.count
            if next < sequence.prompts { waiting.append(try await sequence.start(next)) }
        }

        /// The event as one of the request's choices; what a prompt used is gathered.
        private mutating func renumbered(_ event: GenerationEvent) -> GenerationEvent? {
            let first = prompt * sequence.choices
            switch event {
            case .delta(var delta):
                delta.choice += first
                return .delta(delta)
            case .finished(let reason, let choice):
                return .finished(reason, choice: first + choice)
            case .completed(let more):
                usage.add(more)
                return nil
            }
        }
    }
}

extension TokenUsage {
    mutating func add(_ other: TokenUsage) {
        promptTokens += other.promptTokens
        cachedPromptTokens += other.cachedPromptTokens
        completionTokens += other.completionTokens
        reasoningTokens += other.reasoningTokens
        acceptedPredictionTokens += other.acceptedPredictionTokens
        rejectedPredictionTokens += other.rejectedPredictionTokens
    }
}
