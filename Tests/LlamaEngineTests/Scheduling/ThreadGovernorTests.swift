import LlamaEngine
import Testing

@Suite("ThreadGovernor")
struct ThreadGovernorTests {
    /// What a step of one token takes with so many threads, on a machine where so many cores are free.
    private func seconds(threads: Int, free: Int) -> Double {
        let alone = 0.008 / Double(threads)
        return threads <= free ? alone : 20 * alone
    }

    /// The time that so many steps take, and the number of threads after them.
    private func run(_ governor: inout ThreadGovernor, steps: Int, free: Int) -> Double {
        var total = 0.0
        for _ in 0..<steps {
            let seconds = seconds(threads: governor.threads, free: free)
            total += seconds
            _ = governor.record(tokens: 1, position: 100, seconds: seconds)
        }
        return total
    }

    @Test("On a machine of its own, all threads are used", arguments: [1, 2, 4, 8])
    func quietMachine(threads: Int) {
        var governor = ThreadGovernor(threads: threads)
        _ = run(&governor, steps: 1_000, free: threads)
        #expect(governor.threads == threads)
    }

    @Test("Where others work, as many threads are used as there are cores free", arguments: [(2, 1), (4, 3), (4, 1)])
    func busyMachine(threads: Int, free: Int) {
        var governor = ThreadGovernor(threads: threads)
        _ = run(&governor, steps: 100, free: threads)
        _ = run(&governor, steps: 40, free: free)
        #expect(governor.threads == free)
        // Trying more from time to time costs little.
        let total = run(&governor, steps: 5_000, free: free)
        #expect(total < 1.1 * 5_000 * seconds(threads: free, free: free))
    }

    @Test("When the others have gone, all threads are used again")
    func quietAgain() {
        var governor = ThreadGovernor(threads: 2)
        _ = run(&governor, steps: 100, free: 2)
        _ = run(&governor, steps: 1_000, free: 1)
        _ = run(&governor, steps: 5_000, free: 2)
        #expect(governor.threads == 2)
    }

    @Test("One slow step, or batches of different sizes, are no reason to change")
    func noReason() {
        var governor = ThreadGovernor(threads: 2)
        for step in 0..<1_000 {
            let tokens = [1, 8, 64, 512][step % 4]
            let isSlow = step % 50 == 49
            let changed = governor.record(
                tokens: tokens, position: 100, seconds: 0.004 * Double(tokens) * (isSlow ? 30 : 1))
            #expect(!changed)
        }
        #expect(governor.threads == 2)
    }

    @Test("A prompt whose chunks take longer the further back they look keeps its threads")
    func longPrompt() {
        var governor = ThreadGovernor(threads: 2)
        for _ in 0..<3 {
            for chunk in 0..<64 {
                let changed = governor.record(
                    tokens: 512, position: 512 * (chunk + 1) - 1, seconds: 0.2 + 0.05 * Double(chunk))
                #expect(!changed)
            }
        }
    }

    @Test("Where steps have become slower for good, more threads stay in use once they are seen to help")
    func slowerForGood() {
        var governor = ThreadGovernor(threads: 2)
        _ = run(&governor, steps: 100, free: 2)
        for _ in 0..<2_000 {
            _ = governor.record(tokens: 1, position: 100, seconds: 0.04 / Double(governor.threads))
        }
        #expect(governor.threads == 2)
    }

    @Test("What is granted anew is used at once, and one thread stays one")
    func grants() {
        var governor = ThreadGovernor(threads: 2)
        _ = run(&governor, steps: 100, free: 2)
        _ = run(&governor, steps: 40, free: 1)
        governor.grant(2)
        #expect(governor.threads == 2)
        governor.grant(1)
        _ = run(&governor, steps: 40, free: 1)
        _ = run(&governor, steps: 40, free: 0)
        #expect(governor.threads == 1)
    }
}
