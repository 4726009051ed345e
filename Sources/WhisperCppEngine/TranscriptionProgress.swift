/// Tells the log how far a long file is, now and then.
struct TranscriptionProgress {
    private let length: Double?
    private let begun: ContinuousClock.Instant
    private var reported: ContinuousClock.Instant

    /// Shorter work is not spoken of.
    private static let interval = Duration.seconds(10)

    /// - Parameter length: seconds of sound, as far as is known.
    init(length: Double?, now: ContinuousClock.Instant) {
        self.length = length
        begun = now
        reported = now
    }

    /// So many seconds of the sound are done.
    ///
    /// - Returns: a line for the log, where it is time for one.
    mutating func advance(to done: Double, now: ContinuousClock.Instant) -> String? {
        guard now - reported >= Self.interval else { return nil }
        reported = now
        let whole = length.map { " of \(Int($0))" } ?? ""
        return "transcribing: \(Int(done))\(whole) s of sound in \((now - begun).components.seconds) s"
    }
}
