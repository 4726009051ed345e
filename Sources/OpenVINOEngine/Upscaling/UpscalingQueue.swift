import Inference
import Synchronization

/// Lets a few pictures be worked on at once and others wait, in the order in which they came; and counts them.
final class UpscalingQueue: Sendable {
    private struct State {
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var next = 0
        var statistics = EngineStatistics()
        var isStopping = false
        var stopped: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// Worked on at once.
    private let parallel: Int
    /// Worked on or waiting.
    private let limit: Int

    init(parallel: Int, limit: Int) {
        self.parallel = parallel
        self.limit = max(parallel, limit)
    }

    var statistics: EngineStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.queued = state.waiting.count
            return statistics
        }
    }

    func setThreads(_ count: Int) {
        state.withLock { $0.statistics.threads = count }
    }

    /// A tile is done.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the engine is being shut down.
    func countTile() throws(InferenceError) {
        try state.withLock { state throws(InferenceError) in
            state.statistics.steps += 1
            if state.isStopping { throw Self.stopping }
        }
    }

    /// Does a picture's work when its turn has come.
    ///
    /// - Throws: what the work throws; ``Inference/InferenceError`` of kind `overloaded` or `unavailable`;
    ///   `CancellationError`.
    func run<Result>(_ work: () async throws -> Result) async throws -> Result {
        try await enter()
        do {
            let result = try await work()
            leave { $0.completedRequests += 1 }
            return result
        } catch {
            leave { if error is CancellationError { $0.cancelledRequests += 1 } else { $0.failedRequests += 1 } }
            throw error
        }
    }

    /// Fails what waits, and what runs at its next tile; returns when nothing is left.
    func stop() async {
        await withCheckedContinuation { (stopped: CheckedContinuation<Void, Never>) in
            let (waiting, isIdle) = state.withLock { state in
                state.isStopping = true
                let isIdle = state.statistics.running == 0
                if !isIdle { state.stopped.append(stopped) }
                state.statistics.failedRequests += state.waiting.count
                defer { state.waiting = [] }
                return (state.waiting, isIdle)
            }
            for waiter in waiting { waiter.continuation.resume(throwing: Self.stopping) }
            if isIdle { stopped.resume() }
        }
    }

    private static let stopping = InferenceError(.unavailable, "The model is being unloaded; try again.")

    private enum Admission {
        case now, never(any Error), later
    }

    private func enter() async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                switch admit(number, continuation) {
                case .now: continuation.resume()
                case .never(let error): continuation.resume(throwing: error)
                case .later: break
                }
            }
        } onCancel: {
            giveUp(number)
        }
    }

    private func admit(_ number: Int, _ continuation: CheckedContinuation<Void, any Error>) -> Admission {
        state.withLock { state in
            if state.isStopping { return .never(Self.stopping) }
            // Cancelled before it came here: the handler has found nothing to take away.
            if Task.isCancelled { return .never(CancellationError()) }
            if state.statistics.running < parallel, state.waiting.isEmpty {
                state.statistics.running += 1
                return .now
            }
            guard state.statistics.running + state.waiting.count < limit else {
                return .never(
                    InferenceError(
                        .overloaded, "\(limit) pictures are being upscaled or waiting already; try again later.",
                        retryAfterSeconds: 5))
            }
            state.waiting.append((number, continuation))
            return .later
        }
    }

    private func giveUp(_ number: Int) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { index in
                state.statistics.cancelledRequests += 1
                return state.waiting.remove(at: index)
            }
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    /// A picture is done; the next one takes its place.
    private func leave(_ count: (inout EngineStatistics) -> Void) {
        typealias Freed = (next: CheckedContinuation<Void, any Error>?, stopped: [CheckedContinuation<Void, Never>])
        let freed = state.withLock { state -> Freed in
            count(&state.statistics)
            if !state.waiting.isEmpty { return (state.waiting.removeFirst().continuation, []) }
            state.statistics.running -= 1
            guard state.isStopping, state.statistics.running == 0 else { return (nil, []) }
            defer { state.stopped = [] }
            return (nil, state.stopped)
        }
        freed.next?.resume()
        for continuation in freed.stopped { continuation.resume() }
    }
}
