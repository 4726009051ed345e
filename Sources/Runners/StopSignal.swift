import SystemSupport

/// Tells one runner's keeper that the runner should leave.
final class StopSignal: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation
    private let sent = Locked(false)

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Whether the runner was told to leave; its end is then no death.
    var isSent: Bool { sent.withLock { $0 } }

    func send() {
        sent.withLock { $0 = true }
        continuation.finish()
    }

    /// Returns when the signal was sent, or the task is cancelled.
    func wait() async {
        for await _ in stream {}
    }
}
