/// The time that a pool goes by, since a beginning of its own.
package protocol PoolClock: Sendable {
    var now: Duration { get }
    /// - Throws: `CancellationError`.
    func sleep(until time: Duration) async throws
}

/// Time that passes evenly, also while the machine sleeps.
package struct SteadyClock: PoolClock {
    private let beginning = ContinuousClock.now

    package init() {}

    package var now: Duration { ContinuousClock.now - beginning }

    package func sleep(until time: Duration) async throws {
        try await Task.sleep(until: beginning + time, clock: .continuous)
    }
}
