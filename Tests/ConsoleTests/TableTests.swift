import Console
import Testing

@Suite("Table")
struct TableTests {
    private let table = Table(
        ["NAME", "KIND", "SIZE", "WHAT"],
        [
            ["a-long-name-to-type", "image-variation", "1.0 MB", "some words that go on and on"],
            ["b", "chat", "10.0 MB", ""],
        ],
        rightAligned: [2], whole: [0])

    @Test("Columns are as wide as what is in them, numbers to the right")
    func wide() {
        #expect(
            table.lines() == [
                "NAME                 KIND                SIZE  WHAT",
                "a-long-name-to-type  image-variation   1.0 MB  some words that go on and on",
                "b                    chat             10.0 MB",
            ])
    }

    @Test("No line is wider than the terminal", arguments: [40, 52, 60, 70, 79, 200])
    func fits(width: Int) {
        let lines = table.lines(within: width)
        #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(lines)")
    }

    @Test("The last column goes on below, then others are shortened, and names last")
    func narrow() {
        let lines = table.lines(within: 60)
        #expect(lines[1].hasPrefix("a-long-name-to-type  imag"))
        #expect(lines.contains { $0.hasPrefix("         ") && $0.hasSuffix("on and on") })
        let shortened = Table(["A", "B"], [["x", "one two three four five six"]], wraps: false)
        #expect(shortened.lines(within: 20) == ["A  B", "x  one two three..."])
    }

    @Test("Only headings are set apart, and only where there are colours")
    func style() {
        let small = Table(["A", "B"], [["x", "y"]])
        #expect(small.lines(style: Style(isOn: true)) == ["\u{1B}[1mA  B\u{1B}[0m", "x  y"])
    }

    @Test("Wide characters take two columns")
    func wideCharacters() {
        #expect("モデル".displayWidth == 6 && "e\u{301}".displayWidth == 1 && "👩‍🔬".displayWidth == 2)
        #expect(Table(["A", "B"], [["日本", "x"], ["ab", "y"]]).lines() == ["A     B", "日本  x", "ab    y"])
        #expect("日本語".shortened(to: 5, ellipsis: "…") == "日本…")
    }

    @Test("Words are broken at spaces, and within where they are too long")
    func wrapping() {
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
        #expect("abcdefghij k".wrapped(to: 4) == ["abcd", "efgh", "ij k"])
        #expect("".wrapped(to: 4) == [""])
    }
}
