/// Tells the log how far a long sound is, now and then.
package struct TranscriptionProgress: Sendable {
    private let length: Double?
    private let begun: ContinuousClock.Instant
    private var reported: ContinuousClock.Instant

    /// Shorter work is not spoken of.
    private static let interval = Duration.seconds(10)

    /// - Parameter length: seconds of sound, as far as is known.
    package init(length: Double?, now: ContinuousClock.Instant) {
        self.length = length
        begun = now
        reported = now
    }

    /// - Parameter done: seconds of sound that are written down.
    /// - Returns: a line for the log, where it is time for one.
    package mutating func advance(to done: Double, now: ContinuousClock.Instant) -> String? {
        guard now - reported >= Self.interval else { return nil }
        reported = now
        let spent = now - begun
        let line = "transcribing: \(Int(done)) s of sound in \(spent.components.seconds) s"
        guard let length, done > 0, length > done else { return line }
        let left = spent * ((length - done) / done)
        return line + ", about \(left.components.seconds) s left"
    }
}
