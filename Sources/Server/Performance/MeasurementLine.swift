import Inference

/// Lets one measurement through at a time: two would measure each other. Those that wait go in the order they came.
actor MeasurementLine {
    private let limit: Int
    private var isTaken = false
    private var waiting: [(id: Int, turn: CheckedContinuation<Void, any Error>)] = []
    private var arrivals = 0

    /// - Parameter limit: how many may wait.
    init(limit: Int) {
        self.limit = limit
    }

    /// Runs the measurement when those before have ended.
    ///
    /// - Throws: ``InferenceError`` of kind `overloaded` where too many wait; what the measurement throws.
    func pass<Value: Sendable>(_ measurement: @Sendable () async throws -> Value) async throws -> Value {
        try await waitForTurn()
        defer { endTurn() }
        return try await measurement()
    }

    private func waitForTurn() async throws {
        guard isTaken else {
            isTaken = true
            return
        }
        guard waiting.count < limit else {
            throw InferenceError(
                .overloaded, "\(waiting.count) measurements wait already, and they go one at a time. Try again later.",
                retryAfterSeconds: 30)
        }
        arrivals += 1
        let id = arrivals
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (turn: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    turn.resume(throwing: CancellationError())
                } else {
                    waiting.append((id, turn))
                }
            }
        } onCancel: {
            Task { await self.leave(id) }
        }
    }

    private func endTurn() {
        if waiting.isEmpty {
            isTaken = false
        } else {
            waiting.removeFirst().turn.resume()
        }
    }

    private func leave(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).turn.resume(throwing: CancellationError())
    }
}
