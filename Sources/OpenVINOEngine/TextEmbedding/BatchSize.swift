/// How many tokens a batch should have.
///
/// Large enough that a run is efficient, small enough that who comes next waits a fraction of a second: what a
/// processor computes in that time depends on the model, so it is measured.
package struct BatchSize: Sendable {
    /// Fewer tokens than these take a run hardly less time: the weights must be read all the same.
    package static let worthwhile = 128
    /// More tokens than these make a run no more efficient.
    package static let largest = 1024
    /// What a batch should take.
    package static let seconds = 0.2

    private var tokensPerSecond: Double?

    package init() {}

    /// What a lane should take of the tokens that wait.
    ///
    /// - Parameter lanes: those that share them. Each takes half its share, so that all end together in spite of
    ///   batches that take longer than others (guided self-scheduling: Polychronopoulos and Kuck 1987).
    package func budget(waitingTokens: Int, lanes: Int) -> Int {
        let affordable = tokensPerSecond.map { Int($0 * Self.seconds) } ?? Self.largest
        let share = waitingTokens / max(1, 2 * lanes)
        return max(Self.worthwhile, min(Self.largest, affordable, share))
    }

    /// Learns from a batch. A lone fast or slow one moves the estimate by a quarter.
    package mutating func record(tokens: Int, seconds: Double) {
        guard seconds > 0, tokens >= Self.worthwhile else { return }
        let rate = Double(tokens) / seconds
        tokensPerSecond = tokensPerSecond.map { $0 + (rate - $0) / 4 } ?? rate
    }
}
