import SystemSupport

/// Inputs of one caller, and the way of their vectors back to it.
final class CLIPJob: Sendable {
    private enum State {
        case computing
        case awaited(CheckedContinuation<[Float], any Error>)
        case ended(Result<[Float], any Error>)
    }

    private struct Progress {
        var state = State.computing
        /// By input; `nil` until computed.
        var vectors: [[Float]?]
        var missing: Int
    }

    let inputs: [CLIPScheduler.Input]
    private let progress: Locked<Progress>

    init(_ inputs: [CLIPScheduler.Input]) {
        self.inputs = inputs
        progress = Locked(Progress(vectors: Array(repeating: nil, count: inputs.count), missing: inputs.count))
    }

    /// Waits for the vectors, row after row; called once.
    ///
    /// - Throws: what ``end(_:)`` was given.
    func vectors() async throws -> [Float] {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<[Float], any Error>? = progress.withLock { progress in
                guard case .ended(let result) = progress.state else {
                    progress.state = .awaited(continuation)
                    return nil
                }
                return result
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// Takes the vector of one input; with the last one the job ends.
    func keep(_ vector: ArraySlice<Float>, at index: Int) {
        let whole: [Float]? = progress.withLock { progress in
            if progress.vectors[index] == nil { progress.missing -= 1 }
            progress.vectors[index] = Array(vector)
            return progress.missing == 0 ? progress.vectors.flatMap { $0 ?? [] } : nil
        }
        if let whole { end(.success(whole)) }
    }

    /// Whether there is nothing left to compute for.
    var hasEnded: Bool {
        progress.withLock { progress in
            guard case .ended = progress.state else { return false }
            return true
        }
    }

    /// Hands the result over; the first one counts.
    func end(_ result: Result<[Float], any Error>) {
        let waiting: CheckedContinuation<[Float], any Error>? = progress.withLock { progress in
            switch progress.state {
            case .computing:
                progress.state = .ended(result)
                return nil
            case .awaited(let continuation):
                progress.state = .ended(result)
                return continuation
            case .ended: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
