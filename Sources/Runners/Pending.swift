import Inference
import SystemSupport

/// A value on its way, such as a runner that starts: all who ask for it meanwhile wait for the same one.
final class Pending<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, InferenceError>?
        var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
        var nextWaiter = 0
    }

    private let state = Locked(State())

    /// Only the first outcome counts.
    func complete(_ result: Result<Value, InferenceError>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard state.result == nil else { return [] }
            state.result = result
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(with: result.mapError { $0 }) }
    }

    /// How many wait for it now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// The value, if it is there already.
    var successIfKnown: Value? { state.withLock { try? $0.result?.get() } }

    /// The value, when it is there. Cancelling the wait leaves it to the others.
    func value() async throws -> Value {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Value, any Error>? in
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
