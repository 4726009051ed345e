import Background
import Testing

@Suite("LogTail")
struct LogTailTests {
    @Test(
        "The last lines are taken whole, an unfinished one too",
        arguments: [
            (0, "a\nb\nc\n", ""), (1, "a\nb\nc\n", "c\n"), (2, "a\nb\nc", "b\nc"), (9, "a\nb\n", "a\nb\n"), (1, "", ""),
            (2, "\n\n\n", "\n\n"),
        ])
    func theLastLinesAreTakenWhole(count: Int, text: String, expected: String) {
        #expect(LogTail.lines(count, of: Array(text.utf8)) == Array(expected.utf8))
    }
}
