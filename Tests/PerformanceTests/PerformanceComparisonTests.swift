import Performance
import Testing

@Suite("A comparison with an earlier measurement")
struct PerformanceComparisonTests {
    @Test("tells by how much the mean has changed")
    func change() throws {
        let comparison = try #require(PerformanceComparison([1.2, 1.21, 1.19], with: [1, 1.01, 0.99]))
        #expect(abs(comparison.change - 0.2) < 1e-9 && !comparison.isNoise)
        #expect(comparison.text == "+20.0 %")
    }

    @Test("calls a difference noise that is no larger than the trials' own")
    func noise() throws {
        let comparison = try #require(PerformanceComparison([1.1, 1.3, 1.0], with: [1, 1.2, 0.9]))
        #expect(comparison.isNoise && comparison.text == "+9.7 % (noise)")
        #expect(PerformanceComparison([0.9, 0.9], with: [1, 1])?.text == "-10.0 %")
        #expect(PerformanceComparison([1.01, 1.01], with: [1, 1])?.text == "+1.0 % (noise)")
    }

    @Test("believes a single trial to a tenth")
    func single() {
        #expect(PerformanceComparison([1.09], with: [1])?.isNoise == true)
        #expect(PerformanceComparison([1.2], with: [1])?.isNoise == false)
    }

    @Test("is not made where there is nothing to compare, and survives zeros")
    func nothing() {
        #expect(PerformanceComparison([], with: [1]) == nil)
        #expect(PerformanceComparison([1], with: []) == nil)
        #expect(PerformanceComparison([0], with: [0])?.text == "+0.0 % (noise)")
    }
}
