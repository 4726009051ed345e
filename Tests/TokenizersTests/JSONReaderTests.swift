import Testing
import Tokenizers

@Suite("Reading JSON")
struct JSONReaderTests {
    private func text(_ json: String) throws -> String? {
        guard case .string(let text) = try JSONReader.read(Array(json.utf8)) else { return nil }
        return text
    }

    @Test("escapes are read, pairs of surrogates too")
    func escapes() throws {
        #expect(try text(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == "\"\\/\u{8}\u{C}\n\r\té😀")
    }

    @Test("strings keep their scalars as they are written")
    func scalars() throws {
        let decomposed = try #require(try text(#""e\u0301""#))
        #expect(decomposed.unicodeScalars.count == 2)
        #expect(try #require(try text("\"\u{E9}\"")).unicodeScalars.count == 1)
    }

    @Test("both of two canonically equivalent keys are there")
    func keys() throws {
        guard case .object(let members) = try JSONReader.read(Array(#"{"é": 1, "e\u0301": 2}"#.utf8)) else {
            Issue.record("not an object")
            return
        }
        #expect(members.count == 2)
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", "{", "[1,]", #"{"a" 1}"#, #"{"a": 1,}"#, "tru", "1 2", "\"", #""\x""#, #""\u12""#, #""\u+123""#,
            #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"\n\"", "1e999", "--1", "{1: 2}",
        ])
    func refuses(json: String) {
        #expect(throws: TokenizerFileError.self) { try JSONReader.read(Array(json.utf8)) }
    }

    @Test("a document that is nested without end is refused, not followed")
    func depth() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(throws: TokenizerFileError.self) { try JSONReader.read(Array(deep.utf8)) }
    }
}
