import Inference
import RunnerProtocol
import Synchronization

/// A runner on its way: all who ask for its model meanwhile wait for the same one.
final class Startup: Sendable {
    private struct State {
        var result: Result<RunnerClient, InferenceError>?
        var waiting: [Int: CheckedContinuation<RunnerClient, any Error>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Only the first outcome counts.
    func complete(_ result: Result<RunnerClient, InferenceError>) {
        let waiting = state.withLock { state -> [CheckedContinuation<RunnerClient, any Error>] in
            guard state.result == nil else { return [] }
            state.result = result
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(with: result.mapError { $0 }) }
    }

    /// How many wait for the runner now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    var isComplete: Bool { state.withLock { $0.result != nil } }

    /// The runner, when it is ready. Cancelling the wait leaves the runner to the others.
    func client() async throws -> RunnerClient {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<RunnerClient, any Error>? in
                    if let result = state.result { return result.mapError { $0 } }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting[waiter] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: waiter) }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
