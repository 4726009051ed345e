import Console
import Testing

@Suite("Closest")
struct ClosestTests {
    @Test(
        "The distance is the least number of edits",
        arguments: [
            ("", "", 0), ("kitten", "sitting", 3), ("smollm2", "smolml2", 1), ("a", "", 1), ("abc", "abc", 0),
        ])
    func theDistanceIsTheLeastNumber(one: String, other: String, expected: Int) {
        #expect(Closest.distance(one, other) == expected)
        #expect(Closest.distance(other, one) == expected)
    }

    @Test("A mistyped name finds the one that was meant") func aMistypedNameFindsTheOne() {
        let known = ["smollm2-135m", "phi3.5", "whisper-base", "whisper-tiny.en"]
        #expect(Closest.names(to: "smolm2-135m", among: known) == ["smollm2-135m"])
        #expect(Closest.names(to: "PHI35", among: known) == ["phi3.5"])
        #expect(Closest.names(to: "whisper", among: known) == ["whisper-base", "whisper-tiny.en"])
        #expect(Closest.names(to: "llama", among: known).isEmpty)
    }

    @Test("The question names all that are close") func theQuestionNamesAllThatAre() {
        #expect(Closest.question(for: "ab", among: ["abc"]) == "Did you mean 'abc'?")
        #expect(Closest.question(for: "ab", among: ["abd", "abc"]) == "Did you mean 'abc' or 'abd'?")
        #expect(Closest.question(for: "ab", among: ["xyz"]) == nil)
    }
}
