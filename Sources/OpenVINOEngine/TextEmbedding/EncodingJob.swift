import SystemSupport

/// The texts of one request, and the way of their vectors back to who waits for them.
package final class EncodingJob: Sendable {
    private enum State {
        case computing
        case awaited(CheckedContinuation<[Float], any Error>)
        case ended(Result<[Float], any Error>)
    }

    /// The texts' tokens.
    package let texts: [[Int32]]
    private let state = Locked(State.computing)

    package init(_ texts: [[Int32]]) {
        self.texts = texts
    }

    /// Waits for the vectors, row after row, not of unit length; called once.
    ///
    /// - Parameter onCancel: called when the task is cancelled.
    /// - Throws: `CancellationError`, or the error that ended the job.
    package func vectors(onCancel: @escaping @Sendable () -> Void) async throws -> [Float] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ended: Result<[Float], any Error>? = state.withLock { state in
                    guard case .ended(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    return result
                }
                if let ended { continuation.resume(with: ended) }
            }
        } onCancel: {
            end(.failure(CancellationError()))
            onCancel()
        }
    }

    /// Hands the result over; a job that has ended keeps its first one.
    package func end(_ result: Result<[Float], any Error>) {
        let waiting: CheckedContinuation<[Float], any Error>? = state.withLock { state in
            defer { if case .ended = state {} else { state = .ended(result) } }
            guard case .awaited(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(with: result)
    }
}
