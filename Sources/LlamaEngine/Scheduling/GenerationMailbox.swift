import Inference
import SystemSupport

/// Carries the events of one request, of all its answers, from the scheduler's thread to the task that reads them.
///
/// The scheduler never waits for the reader. A reader that is `capacity` events behind finds its generation paused,
/// so what is kept for it stays bounded; the generation goes on when it has read.
package final class GenerationMailbox: Sendable {
    private struct State {
        var events: [GenerationEvent] = []
        var failure: InferenceError?
        /// Answers that have not ended.
        var unfinished: Int
        /// Of the answers that have ended, together.
        var usage: TokenUsage?
        var ended = false
        var cancelled = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state: Locked<State>
    private let capacity: Int
    /// Tells the scheduler that there is room again, or that the reader is gone.
    private let wakeScheduler: @Sendable () -> Void

    /// - Parameters:
    ///   - choices: how many answers are to come.
    ///   - capacity: how many events each may have waiting.
    package init(choices: Int = 1, capacity: Int = 64, wakeScheduler: @escaping @Sendable () -> Void) {
        state = Locked(State(unfinished: choices))
        self.capacity = capacity * choices
        self.wakeScheduler = wakeScheduler
    }

    // The scheduler's side.

    /// Whether nobody waits for the answers any more: the reader left, or one of them failed.
    package var isAbandoned: Bool { state.withLock { $0.cancelled || $0.failure != nil } }
    package var isFull: Bool { state.withLock { $0.events.count >= capacity } }

    package func send(_ event: GenerationEvent) {
        deliver { $0.events.append(event) }
    }

    /// An answer has ended, with this usage of its own.
    ///
    /// - Returns: whether it was the last of the request.
    @discardableResult
    package func finish(_ reason: FinishReason, choice: Int, usage: TokenUsage) -> Bool {
        deliver { state in
            state.events.append(.finished(reason, choice: choice))
            state.usage = state.usage.map { $0.adding(usage) } ?? usage
            state.unfinished -= 1
            guard state.unfinished == 0, let total = state.usage else { return false }
            state.events.append(.completed(total))
            state.ended = true
            return true
        }
    }

    /// Answers that nobody waits for were dropped.
    ///
    /// - Returns: whether they were the last of a request whose reader left.
    func drop(_ answers: Int) -> Bool {
        deliver { state in
            state.unfinished -= answers
            return state.unfinished == 0 && state.failure == nil
        }
    }

    /// - Returns: whether it is the request's first failure.
    @discardableResult
    package func fail(_ error: InferenceError) -> Bool {
        deliver { state in
            defer { state.ended = true }
            guard state.failure == nil else { return false }
            state.failure = error
            return true
        }
    }

    private func deliver<Result: Sendable>(_ change: (inout sending State) -> Result) -> Result {
        let (reader, result) = state.withLock { state in
            let result = change(&state)
            return (state.reader.take(), result)
        }
        reader?.resume()
        return result
    }

    // The reader's side.

    /// All events since the last call; waits for the first. `nil` after `.completed`.
    ///
    /// - Throws: what the generation failed with; `CancellationError` where it was cancelled, by whomever.
    package func next() async throws -> [GenerationEvent]? {
        while true {
            let found = take()
            if found.wasFull { wakeScheduler() }
            if !found.events.isEmpty { return found.events }
            if let failure = found.failure { throw failure }
            if found.ended { return nil }
            if found.cancelled { throw CancellationError() }
            await waitForDelivery()
        }
    }

    private typealias Found = (
        events: [GenerationEvent], failure: InferenceError?, ended: Bool, cancelled: Bool, wasFull: Bool
    )

    private func take() -> Found {
        state.withLock { state in
            let wasFull = state.events.count >= capacity
            let events = state.events
            state.events.removeAll(keepingCapacity: true)
            return (events, state.failure, state.ended, state.cancelled, wasFull)
        }
    }

    private func waitForDelivery() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.events.isEmpty || state.ended || state.cancelled { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }

    /// The reader is gone: the generation ends at the next step.
    package func cancel() {
        let reader = state.withLock { state in
            state.cancelled = true
            return state.reader.take()
        }
        reader?.resume()
        wakeScheduler()
    }
}

extension TokenUsage {
    /// Together with another answer to the same prompt, which is counted once.
    fileprivate func adding(_ answer: TokenUsage) -> TokenUsage {
        var sum = self
        sum.cachedPromptTokens = max(cachedPromptTokens, answer.cachedPromptTokens)
        sum.completionTokens += answer.completionTokens
        sum.acceptedPredictionTokens += answer.acceptedPredictionTokens
        sum.rejectedPredictionTokens += answer.rejectedPredictionTokens
        return sum
    }
}
