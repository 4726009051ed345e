import Inference
import Synchronization

/// Carries one generation's events from the scheduler's thread to the task that reads them.
///
/// The scheduler never waits for the reader. A reader that is `capacity` events behind finds its generation paused,
/// so what is kept for it stays bounded; the generation goes on when it has read.
package final class GenerationMailbox: Sendable {
    private struct State {
        var events: [GenerationEvent] = []
        var failure: InferenceError?
        var ended = false
        var cancelled = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let capacity: Int
    /// Tells the scheduler that there is room again, or that the reader is gone.
    private let wakeScheduler: @Sendable () -> Void

    package init(capacity: Int = 64, wakeScheduler: @escaping @Sendable () -> Void) {
        self.capacity = capacity
        self.wakeScheduler = wakeScheduler
    }

    // The scheduler's side.

    package var isCancelled: Bool { state.withLock { $0.cancelled } }
    package var isFull: Bool { state.withLock { $0.events.count >= capacity } }

    package func send(_ event: GenerationEvent) {
        deliver { $0.events.append(event) }
    }

    package func finish(_ completion: GenerationEvent.Completion) {
        deliver {
            $0.events.append(.finished(completion))
            $0.ended = true
        }
    }

    package func fail(_ error: InferenceError) {
        deliver {
            $0.failure = error
            $0.ended = true
        }
    }

    private func deliver(_ change: (inout sending State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            return state.reader.take()
        }
        reader?.resume()
    }

    // The reader's side.

    /// All events since the last call; waits for the first. `nil` after `.finished`.
    ///
    /// - Throws: what the generation failed with; `CancellationError` where it was cancelled, by whomever.
    package func next() async throws -> [GenerationEvent]? {
        while true {
            let (events, failure, ended, cancelled, wasFull) = state.withLock { state in
                let wasFull = state.events.count >= capacity
                let events = state.events
                state.events.removeAll(keepingCapacity: true)
                return (events, state.failure, state.ended, state.cancelled, wasFull)
            }
            if wasFull { wakeScheduler() }
            if !events.isEmpty { return events }
            if let failure { throw failure }
            if ended { return nil }
            if cancelled { throw CancellationError() }
            await waitForDelivery()
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

/// The events of one generation. Dropping the sequence and its iterator cancels the generation.
public struct Generation: AsyncSequence, Sendable {
    public typealias Element = [GenerationEvent]

    private let subscription: Subscription

    package init(_ mailbox: GenerationMailbox) {
        subscription = Subscription(mailbox)
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: subscription) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: Subscription

        public mutating func next() async throws -> [GenerationEvent]? {
            try await subscription.mailbox.next()
        }
    }

    fileprivate final class Subscription: Sendable {
        let mailbox: GenerationMailbox

        init(_ mailbox: GenerationMailbox) {
            self.mailbox = mailbox
        }

        deinit { mailbox.cancel() }
    }
}
