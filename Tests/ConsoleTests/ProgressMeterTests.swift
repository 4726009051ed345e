import Console
import Testing

@Suite("ProgressMeter")
struct ProgressMeterTests {
    private func reading(_ done: Int, of total: Int? = 100_000_000, kept: Int = 0) -> ProgressMeter.Reading {
        ProgressMeter.Reading(
            name: "downloading", bytesDone: done, bytesTotal: total, bytesKept: kept, isCounted: true)
    }

    /// What is on the line, without what moves the cursor.
    private func line(_ text: String?) -> String? {
        text.map { String($0.drop { $0 == "\r" }.dropFirst(3)) }
    }

    @Test("A drawn line has a bar, the share, the rate and the time that is left")
    func drawn() {
        var meter = ProgressMeter(isDrawn: true, isUnicode: false)
        #expect(meter.clearing.isEmpty)
        #expect(meter.show(reading(0), at: .zero, width: 80)?.hasPrefix("\r\u{1B}[K") == true)
        let text = line(meter.show(reading(50_000_000), at: .seconds(2), width: 80)) ?? ""
        #expect(text.hasPrefix("downloading  [#") && text.contains(".]  50%  50.0 of 100.0 MB  25.0 MB/s  2 s left"))
        #expect(!meter.clearing.isEmpty)
    }

    @Test("It is never wider than the terminal", arguments: [10, 20, 40, 60, 80, 200])
    func width(columns: Int) {
        var meter = ProgressMeter(isDrawn: true, isUnicode: true)
        _ = meter.show(reading(0), at: .zero, width: columns)
        let text = line(meter.show(reading(70_000_000), at: .seconds(2), width: columns)) ?? ""
        #expect(text.displayWidth < columns)
    }

    @Test("A line is not drawn more often than an eye follows, but its end always is")
    func pauses() {
        var meter = ProgressMeter(isDrawn: true, isUnicode: false)
        _ = meter.show(reading(0), at: .zero, width: 80)
        #expect(meter.show(reading(1), at: .milliseconds(50), width: 80) == nil)
        #expect(meter.show(reading(100_000_000), at: .milliseconds(60), width: 80) != nil)
    }

    @Test("What an interrupted install had brought does not count for the rate")
    func kept() {
        var meter = ProgressMeter(isDrawn: true, isUnicode: false)
        _ = meter.show(reading(0), at: .zero, width: 80)
        let text = line(meter.show(reading(60_000_000, kept: 50_000_000), at: .seconds(1), width: 80)) ?? ""
        #expect(text.contains("10.0 MB/s  4 s left"))
    }

    @Test("Where nobody looks there is a line a phase, and one each tenth")
    func plain() {
        var meter = ProgressMeter(isDrawn: false, isUnicode: true)
        var lines: [String] = []
        for percent in 0...100 {
            let text = meter.show(reading(percent * 1_000_000), at: .milliseconds(percent * 20), width: 80)
            lines += [text].compactMap { $0 }
        }
        #expect(lines.count == 11 && lines[0] == "downloading\n" && lines[10].hasPrefix("downloading  100%"))
        #expect(lines.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1B}") && !$0.contains("\r") })
        #expect(meter.clearing.isEmpty)
    }

    @Test("A slow source is heard of every ten seconds, also one that tells no size")
    func slow() {
        var meter = ProgressMeter(isDrawn: false, isUnicode: true)
        _ = meter.show(reading(0, of: nil), at: .zero, width: 80)
        #expect(meter.show(reading(10, of: nil), at: .seconds(9), width: 80) == nil)
        #expect(meter.show(reading(2_000_000, of: nil), at: .seconds(10), width: 80)?.contains("2.0 MB") == true)
    }
}
