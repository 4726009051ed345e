import Performance
import Testing

@Suite("The spread of values")
struct SpreadTests {
    // Checked with numpy: min, median, max, std(ddof=1).
    @Test("has a median between the middle two of an even count, and the deviation of a sample")
    func even() throws {
        let spread = try #require(Spread([4, 1, 3, 10]))
        #expect(spread.minimum == 1 && spread.median == 3.5 && spread.maximum == 10)
        #expect(abs(spread.standardDeviation - 3.872_983_346_207_417) < 1e-12)
    }

    @Test("has the middle one of an odd count")
    func odd() throws {
        let spread = try #require(Spread([0.3, 0.1, 0.2]))
        #expect(spread.median == 0.2)
        #expect(abs(spread.standardDeviation - 0.1) < 1e-12)
    }

    @Test("of one value is none, and of no values there is nothing to tell")
    func few() {
        #expect(Spread([2.5])?.standardDeviation == 0)
        #expect(Spread([2.5])?.median == 2.5)
        #expect(Spread([]) == nil)
    }
}

@Suite("Numbers for people")
struct DecimalTests {
    @Test(
        "have three figures or so, whatever their size",
        arguments: [
            (0, "0"), (1_234.56, "1235"), (123.4, "123"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"),
            (0.012_34, "0.0123"), (0.001_234, "0.00123"), (-12.34, "-12.3"),
        ] as [(Double, String)])
    func threeFigures(value: Double, text: String) {
        #expect(Decimals.text(value) == text)
    }

    @Test(
        "have as many places as are asked for, rounded",
        arguments: [(1.005, 1, "1.0"), (0.96, 1, "1.0"), (-0.04, 1, "0.0"), (3.14159, 4, "3.1416"), (2.5, 0, "3")])
    func places(value: Double, places: Int, text: String) {
        #expect(Decimals.text(value, places: places) == text)
    }
}
