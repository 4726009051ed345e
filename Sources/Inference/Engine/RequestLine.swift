import SystemSupport

/// A few requests are worked on side by side, others wait in the order in which they came; and all are counted.
package final class RequestLine: Sendable {
    /// How a request ended.
    package enum Outcome: Sendable {
        case completed, cancelled, failed
    }

    private struct State {
        var next = 0
        var waiting: [Int] = []
        var working: Set<Int> = []
        /// Those that wait for their turn right now.
        var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var statistics = EngineStatistics()
        var isStopping = false
        var drained: [CheckedContinuation<Void, Never>] = []

        var isEmpty: Bool { waiting.isEmpty && working.isEmpty }
    }

    private let state = Locked(State())
    private let parallel: Int
    private let limit: Int
    private let work: String

    /// - Parameters:
    ///   - parallel: worked on at once.
    ///   - limit: worked on or waiting.
    ///   - work: what is told of those that are there already, such as `pictures are being upscaled`.
    package init(parallel: Int, limit: Int, work: String) {
        self.parallel = parallel
        self.limit = max(parallel, limit)
        self.work = work
    }

    package var statistics: EngineStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.running = state.working.count
            statistics.queued = state.waiting.count
            return statistics
        }
    }

    package func setThreads(_ count: Int) {
        state.withLock { $0.statistics.threads = count }
    }

    /// Does a request's work when its turn has come.
    ///
    /// - Throws: what the work throws; ``InferenceError`` of kind `overloaded` or `unavailable`; `CancellationError`.
    package func run<Result>(_ work: (Place) async throws -> Result) async throws -> Result {
        let place = try enter()
        do {
            try await place.wait()
            let result = try await work(place)
            place.leave(.completed)
            return result
        } catch {
            place.leave(error is CancellationError ? .cancelled : .failed)
            throw error
        }
    }

    /// - Returns: a place in the line, which is given back when it is let go of.
    /// - Throws: ``InferenceError`` of kind `overloaded` or `unavailable`.
    package func enter() throws(InferenceError) -> Place {
        let number = try state.withLock { state throws(InferenceError) in
            if state.isStopping { throw Self.stopping }
            guard state.working.count + state.waiting.count < limit else {
                throw InferenceError(
                    .overloaded, "\(limit) \(work) or waiting already; try again later.", retryAfterSeconds: 5)
            }
            state.next += 1
            state.waiting.append(state.next)
            return state.next
        }
        moveUp()
        return Place(self, number)
    }

    /// Fails what waits now, and what is worked on at its next step; nothing is taken on any more.
    package func stop() {
        let sleepers = state.withLock { state in
            state.isStopping = true
            defer { state.sleepers = [:] }
            return state.sleepers
        }
        for sleeper in sleepers.values { sleeper.resume(throwing: Self.stopping) }
    }

    /// Returns when no request is left.
    package func drain() async {
        await withCheckedContinuation { (drained: CheckedContinuation<Void, Never>) in
            let isEmpty = state.withLock { state in
                if !state.isEmpty { state.drained.append(drained) }
                return state.isEmpty
            }
            if isEmpty { drained.resume() }
        }
    }

    private static let stopping = InferenceError(.unavailable, "The model is being unloaded; try again.")

    private func moveUp() {
        let sleepers = state.withLock { state in
            var sleepers: [CheckedContinuation<Void, any Error>] = []
            while state.working.count < parallel, !state.waiting.isEmpty {
                let number = state.waiting.removeFirst()
                state.working.insert(number)
                if let sleeper = state.sleepers.removeValue(forKey: number) { sleepers.append(sleeper) }
            }
            return sleepers
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    fileprivate func wait(_ number: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (sleeper: CheckedContinuation<Void, any Error>) in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.isStopping { return .failure(Self.stopping) }
                    if state.working.contains(number) { return .success(()) }
                    // Cancelled before it came here: the handler has found nobody to wake.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.sleepers[number] = sleeper
                    return nil
                }
                if let answer { sleeper.resume(with: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    fileprivate func count(_ change: (inout EngineStatistics) -> Void) throws(InferenceError) {
        try state.withLock { state throws(InferenceError) in
            change(&state.statistics)
            if state.isStopping { throw Self.stopping }
        }
    }

    fileprivate func leave(_ number: Int, _ outcome: Outcome) {
        let drained = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let place = state.waiting.firstIndex(of: number)
            if let place { state.waiting.remove(at: place) }
            guard state.working.remove(number) != nil || place != nil else { return [] }
            switch outcome {
            case .completed: state.statistics.completedRequests += 1
            case .cancelled: state.statistics.cancelledRequests += 1
            case .failed: state.statistics.failedRequests += 1
            }
            guard state.isEmpty else { return [] }
            defer { state.drained = [] }
            return state.drained
        }
        for continuation in drained { continuation.resume() }
        moveUp()
    }

    /// A request's place in the line.
    package final class Place: Sendable {
        private let line: RequestLine
        private let number: Int

        fileprivate init(_ line: RequestLine, _ number: Int) {
            self.line = line
            self.number = number
        }

        deinit { leave(.cancelled) }

        /// Returns when it is this request's turn.
        ///
        /// - Throws: ``InferenceError`` of kind `unavailable`; `CancellationError`.
        package func wait() async throws { try await line.wait(number) }

        /// A step of the work is done.
        ///
        /// - Parameter change: further counts.
        /// - Throws: ``InferenceError`` of kind `unavailable` where the engine is being shut down.
        package func countStep(_ change: (inout EngineStatistics) -> Void = { _ in }) throws(InferenceError) {
            try line.count {
                $0.steps += 1
                change(&$0)
            }
        }

        /// Gives the place back; only the first call counts.
        package func leave(_ outcome: Outcome) { line.leave(number, outcome) }
    }
}
