/// Decides with how many of the threads that were granted the next batch is computed.
///
/// The threads of one batch wait for each other some hundred times a token. Where another process holds one of their
/// cores, all of them wait for the one without a core, and a step takes many times as long as with a thread fewer. So
/// steps are timed: where they are stretched for a while, a thread is left out, and tried again from time to time, less
/// and less often while that does not help.
///
/// A value without a clock of its own: steps and their times come in, a number of threads goes out.
package struct ThreadGovernor: Sendable {
    /// A step is stretched that takes so many times what such steps usually take.
    private static let stretch = 2.5
    /// Shorter steps say nothing: waking a thread can take as long.
    private static let shortestStep = 0.001
    /// So many stretched steps, less the ones that were not, make it certain that others work too.
    private static let patience = 4
    private static let shortestRest = 1.0
    private static let longestRest = 30.0
    /// Steps that a thread more has to be worth its while for.
    private static let probation = 3

    private enum State: Sendable {
        case steady(stretched: Int)
        /// A thread more is tried: so many good steps so far.
        case trying(good: Int)
    }

    private struct Kind: Hashable, Sendable {
        var threads: Int
        /// The size of the batch, rounded to a power of two.
        var size: Int
        /// How far its tokens look back, rounded to a power of two: attention takes longer the further they do.
        var reach: Int

        func with(threads: Int) -> Kind { Kind(threads: threads, size: size, reach: reach) }
    }

    /// Threads to compute the next batch with.
    package private(set) var threads: Int
    private var granted: Int
    private var state = State.steady(stretched: 0)
    /// Seconds that a step of a kind takes where nothing disturbs it: the smallest seen, slowly forgotten.
    private var usual: [Kind: Double] = [:]
    /// Seconds that steps of a kind took lately.
    private var recent: [Kind: Double] = [:]
    /// Seconds of work until a thread more is tried, and how long that rest was when it began.
    private var restLeft = 0.0
    private var rest = ThreadGovernor.shortestRest

    package init(threads: Int) {
        granted = threads
        self.threads = threads
    }

    /// Other cores were granted: all are tried.
    package mutating func grant(_ count: Int) {
        granted = count
        threads = count
        state = .steady(stretched: 0)
        rest = Self.shortestRest
    }

    /// A batch of so many tokens, the last of them at most at so high a position, took so long.
    ///
    /// - Returns: whether ``threads`` is another number now.
    package mutating func record(tokens: Int, position: Int, seconds: Double) -> Bool {
        let kind = Kind(threads: threads, size: Self.rounded(tokens), reach: Self.rounded(position))
        let before = threads
        let expected = usual[kind] ?? shareOfMore(kind)
        usual[kind] = min(seconds, (expected ?? seconds) * 1.002)
        switch state {
        case .steady(let stretched):
            recent[kind] = recent[kind].map { 0.7 * $0 + 0.3 * seconds } ?? seconds
            let isStretched = isStretched(seconds, expected)
            state = .steady(stretched: max(0, stretched + (isStretched ? 1 : -1)))
            restLeft -= seconds
            if isStretched, stretched + 1 >= Self.patience, threads > 1 {
                leaveOneOut()
            } else if threads < granted, restLeft <= 0 {
                threads += 1
                state = .trying(good: 0)
            }
        case .trying(let good):
            let withFewer = recent[kind.with(threads: threads - 1)]
            if withFewer.map({ seconds > 0.9 * $0 }) ?? isStretched(seconds, expected) {
                rest = min(2 * rest, Self.longestRest)
                leaveOneOut()
            } else if good + 1 >= Self.probation {
                // What they were held to was of another time: they do help.
                usual[kind] = seconds
                recent[kind] = seconds
                rest = Self.shortestRest
                state = .steady(stretched: 0)
                restLeft = rest
            } else {
                state = .trying(good: good + 1)
            }
        }
        return threads != before
    }

    /// What a step should take that was never seen with so few threads, by what it takes with one more.
    private func shareOfMore(_ kind: Kind) -> Double? {
        usual[kind.with(threads: kind.threads + 1)].map {
            $0 * Double(kind.threads + 1) / Double(kind.threads)
        }
    }

    /// The exponent of the power of two.
    private static func rounded(_ count: Int) -> Int { Int.bitWidth - max(1, count).leadingZeroBitCount }

    private func isStretched(_ seconds: Double, _ expected: Double?) -> Bool {
        seconds > Self.shortestStep && expected.map { seconds > Self.stretch * $0 } ?? false
    }

    private mutating func leaveOneOut() {
        threads -= 1
        state = .steady(stretched: 0)
        restLeft = rest
        // What they took when others may have worked beside them says little now.
        recent = recent.filter { $0.key.threads != threads }
    }
}
