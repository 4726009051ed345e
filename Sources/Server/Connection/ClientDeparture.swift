import SystemSupport

/// The client has closed its connection.
struct ClientDeparted: Error {}

/// Whether the client of a connection is still there, for those who work for it.
final class ClientDeparture: Sendable {
    private struct State {
        var hasDeparted = false
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        var nextWaiter = 0
    }

    private let state = Locked(State())

    /// The client is gone: all work for it ends.
    func announce() {
        let waiting = state.withLock { state in
            state.hasDeparted = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for waiter in waiting { waiter.finish() }
    }

    /// Runs the operation, and cancels it when the client departs.
    ///
    /// - Throws: ``ClientDeparted`` where it did, else what the operation throws.
    func cancelling<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await operation() }
            group.addTask {
                for await _ in self.untilDeparture() {}
                return nil
            }
            if case .some(.some(let value)) = try await group.next() { return value }
            try Task.checkCancellation()
            throw ClientDeparted()
        }
    }

    /// Ends when the client departs, or the task that waits is cancelled.
    private func untilDeparture() -> AsyncStream<Never> {
        AsyncStream { continuation in
            let waiter: Int? = state.withLock { state in
                guard !state.hasDeparted else { return nil }
                state.waiting[state.nextWaiter] = continuation
                defer { state.nextWaiter += 1 }
                return state.nextWaiter
            }
            // Outside of the lock: finishing calls back at once.
            guard let waiter else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.waiting.removeValue(forKey: waiter) }
            }
        }
    }
}
