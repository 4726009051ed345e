import Inference
import Synchronization

/// A few files are worked on side by side, a window of each in turn; further ones wait in the order in which they came.
package final class Places: Sendable {
    package enum Outcome: Sendable {
        case completed, cancelled, failed
    }

    private struct State {
        var next = 0
        var line: [Int] = []
        var working: Set<Int> = []
        /// Those in the line whose readers wait.
        var readers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var statistics = EngineStatistics()
        var isStopping = false
    }

    private let state = Mutex(State())
    private let parallel: Int
    private let limit: Int

    /// - Parameters:
    ///   - parallel: worked on at once.
    ///   - limit: worked on or waiting.
    package init(parallel: Int, limit: Int) {
        self.parallel = parallel
        self.limit = max(parallel, limit)
    }

    package var statistics: EngineStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.running = state.working.count
            statistics.queued = state.line.count
            return statistics
        }
    }

    package var threads: Int { state.withLock { $0.statistics.threads } }

    package func setThreads(_ count: Int) {
        state.withLock { $0.statistics.threads = count }
    }

    /// - Returns: a place in the line. It is given back when it is let go of.
    /// - Throws: ``Inference/InferenceError`` of kind `overloaded` or `unavailable`.
    package func enter() throws(InferenceError) -> Place {
        let number = try state.withLock { state throws(InferenceError) in
            if state.isStopping { throw Self.stopping }
            guard state.working.count + state.line.count < limit else {
                throw InferenceError(
                    .overloaded, "\(limit) files are being transcribed or waiting already; try again later.",
                    retryAfterSeconds: 5)
            }
            state.next += 1
            state.line.append(state.next)
            return state.next
        }
        moveUp()
        return Place(self, number)
    }

    /// Fails what waits now, and what runs at its next window.
    package func stop() {
        let readers = state.withLock { state in
            state.isStopping = true
            defer { state.readers = [:] }
            return state.readers
        }
        for reader in readers.values { reader.resume(throwing: Self.stopping) }
    }

    private static let stopping = InferenceError(.unavailable, "The model is being unloaded; try again.")

    private func moveUp() {
        let readers = state.withLock { state in
            var readers: [CheckedContinuation<Void, any Error>] = []
            while state.working.count < parallel, !state.line.isEmpty {
                let number = state.line.removeFirst()
                state.working.insert(number)
                if let reader = state.readers.removeValue(forKey: number) { readers.append(reader) }
            }
            return readers
        }
        for reader in readers { reader.resume() }
    }

    fileprivate func wait(_ number: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (reader: CheckedContinuation<Void, any Error>) in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.isStopping { return .failure(Self.stopping) }
                    if state.working.contains(number) { return .success(()) }
                    // Cancelled before it came here: the handler has found nobody to tell.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.readers[number] = reader
                    return nil
                }
                if let answer { reader.resume(with: answer) }
            }
        } onCancel: {
            let reader = state.withLock { $0.readers.removeValue(forKey: number) }
            reader?.resume(throwing: CancellationError())
        }
    }

    fileprivate func countStep() throws(InferenceError) {
        try state.withLock { state throws(InferenceError) in
            state.statistics.steps += 1
            if state.isStopping { throw Self.stopping }
        }
    }

    fileprivate func leave(_ number: Int, _ outcome: Outcome) {
        state.withLock { state in
            let place = state.line.firstIndex(of: number)
            if let place { state.line.remove(at: place) }
            guard state.working.remove(number) != nil || place != nil else { return }
            switch outcome {
            case .completed: state.statistics.completedRequests += 1
            case .cancelled: state.statistics.cancelledRequests += 1
            case .failed: state.statistics.failedRequests += 1
            }
        }
        moveUp()
    }
}

/// One file's place among those that are worked on.
package final class Place: Sendable {
    private let places: Places
    private let number: Int

    fileprivate init(_ places: Places, _ number: Int) {
        self.places = places
        self.number = number
    }

    deinit { leave(.cancelled) }

    /// Returns when it is this file's turn.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable`, `CancellationError`.
    package func wait() async throws { try await places.wait(number) }

    /// A window is done.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the engine is being shut down.
    package func countStep() throws(InferenceError) { try places.countStep() }

    /// Gives the place back; only the first call counts.
    package func leave(_ outcome: Places.Outcome) { places.leave(number, outcome) }
}
