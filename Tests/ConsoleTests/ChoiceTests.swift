import Console
import Testing

@Suite("Choice")
struct ChoiceTests {
    private let names = ["alpha", "beta"]

    @Test("A number or a name chooses, in any case of letters and with spaces around")
    func chosen() {
        #expect(Choice(" 2 ", among: names) == .item(1))
        #expect(Choice("ALPHA", among: names) == .item(0))
        #expect(Choice("", among: names, standard: 1) == .item(1))
    }

    @Test("Nothing, or a no, is none", arguments: ["", "n", "No", "q"])
    func none(answer: String) {
        #expect(Choice(answer, among: names) == Choice.none)
    }

    @Test("Anything else is told why it is not in the list", arguments: ["0", "3", "-1", "alpa", "gamma"])
    func unclear(answer: String) {
        guard case .unclear(let reason) = Choice(answer, among: names, standard: 0) else {
            Issue.record("\(answer) was taken")
            return
        }
        #expect(!reason.isEmpty)
    }
}
