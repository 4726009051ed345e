import Console
import Testing

@Suite("Figures for people")
struct FigureTests {
    @Test(
        "Sizes have the unit that suits them",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (98_362_432, "98.4 MB"), (999_960_000, "1.0 GB"),
            (25_300_000_000, "25.3 GB"), (2_000_000_000_000, "2.0 TB"),
        ])
    func sizes(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test("A part and its whole share a unit where they can")
    func parts() {
        #expect(ByteCount.text(42_100_000, of: 98_400_000) == "42.1 of 98.4 MB")
        #expect(ByteCount.text(500, of: 98_400_000) == "500 B of 98.4 MB")
    }

    @Test(
        "Times have their two largest units",
        arguments: [
            (0, "0 s"), (59.4, "59 s"), (60, "1 min"), (125, "2 min 5 s"), (3_600, "1 h"), (11_520, "3 h 12 min"),
            (90_000, "1 d 1 h"), (-5, "0 s"), (.infinity, "a long time"),
        ])
    func times(seconds: Double, text: String) {
        #expect(DurationText.text(seconds: seconds) == text)
    }

    @Test("The first variable of the locale that is set decides what can be drawn")
    func locale() {
        #expect(Terminal.isUnicode(["LANG": "en_GB.UTF-8"]))
        #expect(!Terminal.isUnicode(["LC_ALL": "C", "LANG": "en_GB.UTF-8"]))
        #expect(Terminal.isUnicode(["LC_ALL": "", "LANG": "C.utf8"]))
        #expect(!Terminal.isUnicode([:]))
    }
}
