import Foundation
import NIOCore
import RunnerProtocol
import Server
import Testing

@Suite("Escaping of JSON strings")
struct JSONStringTests {
    private func escaped(_ text: String) -> String {
        var buffer = ByteBuffer()
        buffer.writeJSONEscaped(text)
        return String(buffer: buffer)
    }

    @Test(
        "gives back the same text through Foundation's decoder",
        arguments: [
            "", "plain", "\"quoted\" and \\ back", "tab\tline\nreturn\r\u{8}\u{C}",
            "\u{85}\u{2028}\u{2029}\u{2027}\u{202A}",
            "héllo wörld", "日本語", "👩‍👩‍👧‍👦🏳️‍🌈", "\u{7F}\u{80}\u{A0}", "mixed \u{1} \"é\" \u{2028}🙂\n",
            String((0..<0x20).map { Character(UnicodeScalar(UInt8($0))) }),
        ])
    func roundTrip(text: String) throws {
        let json = Data("\"\(escaped(text))\"".utf8)
        #expect(try JSONDecoder().decode(String.self, from: json).unicodeScalars.elementsEqual(text.unicodeScalars))
    }

    @Test("leaves no character at which a reader of lines would split")
    func noLineBreaks() {
        let text = "a\n\r\u{B}\u{C}\u{1C}\u{1D}\u{1E}\u{85}\u{2028}\u{2029}b"
        #expect(!escaped(text).unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 })
    }

    @Test("leaves the rest as it is")
    func untouched() {
        #expect(escaped("a/b<c>&é🙂") == "a/b<c>&é🙂")
    }

    @Test("Percent-encoded text is decoded, or refused where it is broken")
    func percent() {
        #expect("a%2Fb%C3%A9".percentDecoded == "a/bé")
        #expect("a%2".percentDecoded == nil)
        #expect("a%zz".percentDecoded == nil)
        #expect("%FF".percentDecoded == nil)
    }
}
