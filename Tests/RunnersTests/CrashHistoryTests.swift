import Inference
import Runners
import Testing

@Suite("CrashHistory")
struct CrashHistoryTests {
    private let now = ContinuousClock.now

    /// Seconds until a start is allowed; 0 where it is.
    private func wait(_ history: CrashHistory, at time: ContinuousClock.Instant) -> Int {
        do {
            try history.checkMayStart(at: time)
            return 0
        } catch {
            #expect((error as? InferenceError)?.kind == .unavailable)
            return (error as? InferenceError)?.retryAfterSeconds ?? -1
        }
    }

    private func history(quickDeaths: Int) -> CrashHistory {
        var history = CrashHistory()
        for _ in 0..<quickDeaths { history.recordDeath(after: .seconds(1), at: now) }
        return history
    }

    @Test("Two quick deaths are tolerated", arguments: 0...2)
    func twoAreTolerated(deaths: Int) {
        #expect(wait(history(quickDeaths: deaths), at: now) == 0)
    }

    @Test("After the third a pause begins, twice as long with each further one, up to five minutes")
    func pausesGrow() {
        for (deaths, pause) in [(3, 15), (4, 30), (5, 60), (6, 120), (7, 240), (8, 300), (50, 300)] {
            let history = history(quickDeaths: deaths)
            #expect(wait(history, at: now + .milliseconds(1)) == pause)
            #expect(wait(history, at: now + .seconds(pause) - .milliseconds(1)) == 1)
            #expect(wait(history, at: now + .seconds(pause)) == 0)
        }
    }

    @Test("A death after a long life begins anew")
    func longLifeBeginsAnew() {
        var history = history(quickDeaths: 5)
        history.recordDeath(after: .seconds(30), at: now)
        #expect(wait(history, at: now) == 0)
        history.recordDeath(after: .seconds(1), at: now)
        history.recordDeath(after: .seconds(1), at: now)
        #expect(wait(history, at: now) == 0)
        history.recordDeath(after: .seconds(1), at: now)
        #expect(wait(history, at: now) > 0)
    }
}
