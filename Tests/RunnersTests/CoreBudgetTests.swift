import Runners
import Testing

@Suite("CoreBudget")
struct CoreBudgetTests {
    @Test("One at work has all cores")
    func oneHasAll() {
        #expect(CoreBudget(cores: 6).deal(to: ["a"]) == ["a": 6])
    }

    @Test("Several have equal shares; what does not divide goes to the first")
    func severalShare() {
        #expect(CoreBudget(cores: 8).deal(to: ["b", "a"]) == ["a": 4, "b": 4])
        #expect(CoreBudget(cores: 8).deal(to: ["c", "b", "a"]) == ["a": 3, "b": 3, "c": 2])
    }

    @Test("Each has at least one core, though there be fewer")
    func eachHasOne() {
        #expect(CoreBudget(cores: 2).deal(to: ["a", "b", "c"]) == ["a": 1, "b": 1, "c": 1])
        #expect(CoreBudget(cores: 0).deal(to: ["a"]) == ["a": 1])
    }

    @Test("Nobody at work, nothing dealt")
    func nobodyWorks() {
        #expect(CoreBudget(cores: 4).deal(to: []).isEmpty)
    }

    @Test("No more cores are dealt than there are, unless each has only one", arguments: 1...16, 1...16)
    func dealsWhatThereIs(cores: Int, runners: Int) {
        let shares = CoreBudget(cores: cores).deal(to: (0..<runners).map { "model-\($0)" })
        #expect(shares.values.reduce(0, +) == max(cores, runners))
        #expect((shares.values.max() ?? 0) - (shares.values.min() ?? 0) <= 1)
    }
}
