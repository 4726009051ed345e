import Inference

/// When a model's process died soon after it started, and whether it may be started again.
///
/// A model that cannot live would otherwise be loaded anew by every request. After three quick deaths in a row it is
/// left alone for a while, twice as long each time.
package struct CrashHistory: Sendable {
    /// A death within this time of the start is a quick one.
    private static let quick = Duration.seconds(30)
    private static let tolerated = 3
    private static let firstPause = Duration.seconds(15)
    private static let longestPause = Duration.seconds(300)

    private var quickDeaths = 0
    private var retryAt: ContinuousClock.Instant?

    package init() {}

    /// A process has ended that was not told to.
    package mutating func recordDeath(after lifetime: Duration, at now: ContinuousClock.Instant) {
        guard lifetime < Self.quick else {
            quickDeaths = 0
            retryAt = nil
            return
        }
        quickDeaths += 1
        guard quickDeaths >= Self.tolerated else { return }
        let pause = Self.firstPause * (1 << min(quickDeaths - Self.tolerated, 8))
        retryAt = now + min(pause, Self.longestPause)
    }

    /// - Throws: ``InferenceError`` of kind `unavailable` while the model is left alone.
    package func checkMayStart(at now: ContinuousClock.Instant) throws {
        guard let retryAt, now < retryAt else { return }
        let seconds = Int((retryAt - now).components.seconds) + 1
        throw InferenceError(
            .unavailable,
            "The model's process ended \(quickDeaths) times in a row soon after it started, so it is not started again "
                + "for \(seconds) seconds. The server's log says why it ended; installing the model again may help.",
            retryAfterSeconds: seconds)
    }
}
