/// Tells the log how far a long picture is, now and then.
package struct UpscalingProgress {
    private let title: String
    private let count: Int
    private let begun: ContinuousClock.Instant
    private var reported: ContinuousClock.Instant
    private var done = 0

    /// Shorter pictures are not spoken of.
    private static let interval = Duration.seconds(5)

    package init(width: Int, height: Int, tiles: Int, now: ContinuousClock.Instant) {
        title = "upscaling \(width) × \(height)"
        count = tiles
        begun = now
        reported = now
    }

    /// Another tile is done.
    ///
    /// - Returns: a line for the log, where it is time for one.
    package mutating func advance(now: ContinuousClock.Instant) -> String? {
        done += 1
        let spent = now - begun
        let isDone = done == count
        guard now - reported >= Self.interval || (isDone && reported > begun) else { return nil }
        reported = now
        let line = "\(title): \(done) of \(count) tiles in \(spent.components.seconds) s"
        guard !isDone else { return line }
        let left = spent * (count - done) / done
        return line + ", about \(left.components.seconds) s left"
    }
}
