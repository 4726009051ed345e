import Foundation
import Runners
import Testing

@Suite("KeepAlive")
struct KeepAliveTests {
    @Test(
        "reads times as they are written elsewhere",
        arguments: [
            ("5m", 300.0), ("1h30m", 5_400), ("90s", 90), ("1.5h", 5_400), ("500ms", 0.5), ("0", 0), ("0s", 0),
            ("300", 300), ("24h", 86_400), (".5m", 30), ("1.s", 1), ("+5s", 5), ("1h1m1s", 3_661), ("2.5", 2.5),
        ])
    func times(text: String, seconds: Double) {
        #expect(KeepAlive(text) == .time(.milliseconds(Int(seconds * 1_000))))
    }

    @Test("reads anything negative as forever", arguments: ["-1", "-1s", "-5m", "-0.5h"])
    func forever(text: String) {
        #expect(KeepAlive(text) == .forever)
    }

    @Test(
        "reads nothing else",
        arguments: ["", "-", "m", "5 m", "5x", "5m3", "1..2s", "five", "1e3", "5M", " 5m", "inf", "nan", "."])
    func nothingElse(text: String) {
        #expect(KeepAlive(text) == nil)
    }

    @Test("takes numbers of seconds, and too large ones as forever")
    func numbers() {
        #expect(KeepAlive(seconds: 10) == .time(.seconds(10)))
        #expect(KeepAlive(seconds: 0) == .time(.zero))
        #expect(KeepAlive(seconds: -1) == .forever)
        #expect(KeepAlive(seconds: 1e300) == .forever)
        #expect(KeepAlive(seconds: .infinity) == .forever)
        #expect(KeepAlive(seconds: .nan) == nil)
        #expect(KeepAlive("99999999999999999999h") == .forever)
    }

    @Test("is written as it is read", arguments: ["5m", "1h30m", "-1", "0", "1h1m1s", "0.5s", "24h", "1m0.25s"])
    func written(text: String) throws {
        let time = try #require(KeepAlive(text))
        #expect(time.description == text)
        let json = try JSONEncoder().encode([time])
        #expect(try JSONDecoder().decode([KeepAlive].self, from: json) == [time])
    }

    @Test("is read from numbers and texts of JSON")
    func json() throws {
        let times = try JSONDecoder().decode([KeepAlive].self, from: Data(#"[10, -1, "5m", 0.5]"#.utf8))
        #expect(times == [.time(.seconds(10)), .forever, .time(.seconds(300)), .time(.milliseconds(500))])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([KeepAlive].self, from: Data(#"["x"]"#.utf8)) }
    }
}
