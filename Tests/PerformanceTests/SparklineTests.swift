import Performance
import Testing

@Suite("A sparkline")
struct SparklineTests {
    @Test("gives the least value the lowest bar and the largest the highest")
    func bars() {
        #expect(Sparkline.draw([1, 2, 3, 4, 5, 6, 7, 8]) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.draw([3.2, 3.1, 3.4]) == "▃▁█")
    }

    @Test("makes no mountains of what hardly differs")
    func even() {
        #expect(Sparkline.draw([1, 1.001, 0.999]) == "▅▅▅")
        #expect(Sparkline.draw([0, 0]) == "▅▅")
        #expect(Sparkline.draw([7]) == "▅")
    }

    @Test("of nothing is empty")
    func nothing() {
        #expect(Sparkline.draw([]).isEmpty)
    }

    @Test("is no wider than there is room: neighbours share a bar", arguments: [1, 3, 8, 99, 100, 1_000])
    func narrow(width: Int) {
        let values = (0..<100).map(Double.init)
        let line = Sparkline.draw(values, width: width)
        #expect(line.count == min(width, 100))
        #expect(line.unicodeScalars.map(\.value) == line.unicodeScalars.map(\.value).sorted())
    }

    @Test("is numbers where bars cannot be shown")
    func numbers() {
        #expect(Sparkline.numbers([0.5, 12, 1.234], places: 2) == "0.50 12.00 1.23")
    }
}
