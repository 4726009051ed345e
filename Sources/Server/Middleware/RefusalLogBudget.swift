import SystemSupport

/// How many lines about refused web pages the log takes.
///
/// A page can make a browser send thousands of requests a second that are all refused; a line for each would fill the log
/// with what the page's author chooses, and push out everything else.
package final class RefusalLogBudget: Sendable {
    /// Lines in ``period``.
    package static let lines = 20
    package static let period = Duration.seconds(60)

    private struct State {
        var began: ContinuousClock.Instant?
        var written = 0
        var dropped = 0
    }

    private let state = Locked(State())

    package init() {}

    /// Whether a refusal at this time may be logged.
    ///
    /// - Returns: how many were not logged since the last one that was; `nil` where this one is not to be logged either.
    package func admit(at now: ContinuousClock.Instant) -> Int? {
        state.withLock { state in
            if state.began.map({ now - $0 >= Self.period }) ?? true {
                state.began = now
                state.written = 0
            }
            guard state.written < Self.lines else {
                state.dropped += 1
                return nil
            }
            state.written += 1
            defer { state.dropped = 0 }
            return state.dropped
        }
    }
}
