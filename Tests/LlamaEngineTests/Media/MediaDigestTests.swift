import LlamaEngine
import Testing

@Suite("MediaDigest")
struct MediaDigestTests {
    private func digest(_ character: Character) throws -> MediaDigest {
        try #require(MediaDigest(hexadecimal: String(repeating: character, count: 64)))
    }

    @Test("A file's tokens are negative, the same every time, and differ among themselves")
    func tokensAreStable() throws {
        let tokens = try digest("a").tokens(part: 0, count: 1_000)
        #expect(tokens == (try digest("a").tokens(part: 0, count: 1_000)))
        #expect(tokens.allSatisfy { $0 < 0 })
        #expect(Set(tokens).count > 990)
    }

    @Test("Another file, or another part of the same, has other tokens from the first on")
    func filesAndPartsDiffer() throws {
        let first = try digest("a").tokens(part: 0, count: 16)
        for other in [try digest("b").tokens(part: 0, count: 16), try digest("a").tokens(part: 1, count: 16)] {
            #expect(zip(first, other).allSatisfy { $0 != $1 })
        }
    }

    @Test("Each quarter of the digest tells files apart")
    func everyQuarterCounts() throws {
        let zeros = String(repeating: "0", count: 64)
        let tokens = try #require(MediaDigest(hexadecimal: zeros)).tokens(part: 0, count: 4)
        for quarter in 0..<4 {
            let other = String(zeros.prefix(16 * quarter)) + "1" + zeros.dropFirst(16 * quarter + 1)
            let changed = try #require(MediaDigest(hexadecimal: other)).tokens(part: 0, count: 4)
            #expect((0..<4).filter { tokens[$0] != changed[$0] } == [quarter])
        }
    }

    @Test("What is no digest makes none", arguments: ["", "12", String(repeating: "g", count: 64)])
    func wrongTexts(_ text: String) {
        #expect(MediaDigest(hexadecimal: text) == nil)
    }
}
