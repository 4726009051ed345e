import Inference
import SystemSupport

/// The texts of one request, and the way of their vectors back to who waits for them.
package final class EmbeddingJob: Sendable {
    private enum State {
        case computing
        case awaited(CheckedContinuation<[Float], any Error>)
        case ended(Result<[Float], any Error>)
    }

    /// The texts' tokens.
    package let texts: [[Int32]]
    private let state = Locked(State.computing)

    init(_ texts: [[Int32]]) {
        self.texts = texts
    }

    /// Waits for the vectors, row after row as the model gives them; called once.
    ///
    /// Cancelling the task gives the job up; the rest is dropped before the next batch.
    ///
    /// - Throws: `CancellationError`, or the ``InferenceError`` that ended the job.
    package func vectors() async throws -> [Float] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<[Float], any Error>? = state.withLock { state in
                    guard case .ended(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    return result
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            end(.failure(CancellationError()))
        }
    }

    /// Whether there is nothing left to compute for.
    var hasEnded: Bool {
        state.withLock { state in
            guard case .ended = state else { return false }
            return true
        }
    }

    /// Hands the result over; a job that has ended keeps its first one.
    func end(_ result: Result<[Float], any Error>) {
        let waiting: CheckedContinuation<[Float], any Error>? = state.withLock { state in
            switch state {
            case .computing:
                state = .ended(result)
                return nil
            case .awaited(let continuation):
                state = .ended(result)
                return continuation
            case .ended: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
