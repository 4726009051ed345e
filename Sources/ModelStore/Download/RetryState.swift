/// How often in a row a source has failed, and how long to wait before it is tried again.
struct RetryState {
    /// The longest that a server may ask to be waited for.
    private static let longestWait: Duration = .seconds(300)
    private static let longestDelay: Duration = .seconds(60)
    /// What a try must bring to count as one that went well, so that a long download over a bad line comes through,
    /// while a source that brings next to nothing each time is given up.
    private static let worthwhileBytes = 1 << 20

    private let settings: DownloadSettings
    private var failures = 0
    private var delay: Duration

    init(settings: DownloadSettings) {
        self.settings = settings
        self.delay = settings.firstDelay
    }

    /// Waits as long as is right after an error, or throws where trying again is of no use.
    ///
    /// - Parameters:
    ///   - source: what is read, for messages.
    ///   - gained: how many bytes the failed try has brought.
    ///   - waiting: told for how long, before the wait.
    /// - Throws: ``InstallError``, ``FileError``, or `CancellationError`.
    mutating func pause(
        after error: any Error, from source: String, gained: Int = 0,
        waiting: (Duration) async -> Void = { _ in }
    ) async throws {
        var asked: Duration?
        let failure: InstallError
        switch error {
        case is InstallError, is FileError: throw error
        case let error as HTTPFailure:
            failure = error.installError(source)
            switch error {
            case .transient(_, let retryAfter): asked = retryAfter
            case .brokenOff: break
            case .notFound, .accessDenied, .refused: throw failure
            }
        default:
            // A cancelled request ends with an error of the client's own.
            try Task.checkCancellation()
            failure = .unreachable(source, reason: ConnectionFault.sentence(error))
        }
        if gained >= Self.worthwhileBytes {
            failures = 0
            delay = settings.firstDelay
        }
        failures += 1
        guard failures < settings.attempts, (asked ?? .zero) <= Self.longestWait else { throw failure }
        // Not all who were turned away at once come back at once.
        let pause = asked ?? delay * Double.random(in: 0.75...1.25)
        await waiting(pause)
        try await Task.sleep(for: pause)
        delay = min(delay * 2, Self.longestDelay)
    }
}
