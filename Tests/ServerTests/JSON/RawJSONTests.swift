import Foundation
import NIOCore
import Server
import TestSupport
import Testing

/// A body with values in several places.
private struct Body: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let value: RawJSON
    }

    var value: RawJSON?
    let list: [Entry]?
    let plain: [RawJSON]?
}

/// One field read twice: as its text, and as the decoder has it.
private struct Both: Decodable, Sendable {
    let text: RawJSON
    let number: Int

    enum CodingKeys: String, CodingKey {
        case value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decode(RawJSON.self, forKey: .value)
        number = try container.decode(Int.self, forKey: .value)
    }
}

@Suite("A value taken as its text")
struct RawJSONTests {
    private func decode(_ body: String) throws -> Body {
        try JSONBody.decodeHere(Body.self, from: ByteBuffer(string: body))
    }

    @Test("keeps the order of its keys, its spaces, its numbers and its escapes")
    func exactText() throws {
        let text = #"{"z": 1.50, "a" :[true , null],"m":{"\u0041\"}":"é\n😀"}}"#
        #expect(try decode("{\"value\":\n \(text) \n}").value?.text == text)
    }

    @Test(
        "knows its kind",
        arguments: [
            ("{}", JSONKind.object), ("[]", .array), (#""a""#, .string), ("-1e5", .number), ("true", .boolean),
            ("false", .boolean),
        ])
    func kind(_ text: String, _ kind: JSONKind) throws {
        let value = try decode("{\"value\": \(text)}").value
        #expect(value?.kind == kind)
        #expect(value?.text == text)
    }

    @Test("is found in its place among many")
    func elements() throws {
        let entries = (0..<128).map { "{\"other\": [\($0), {\"value\": 0}], \"value\": {\"n\": \($0)}}" }
        let body = try decode("{\"plain\": [1, [2], \"]\", {}], \"list\": [\(entries.joined(separator: " , "))]}")
        #expect(body.list?.map(\.value.text) == (0..<128).map { "{\"n\": \($0)}" })
        #expect(body.plain?.map(\.text) == ["1", "[2]", "\"]\"", "{}"])
    }

    /// A pass over the body for each value would take an hour.
    @Test("costs no pass over the body of its own", .hangGuard)
    func manyElements() throws {
        let count = 500_000
        let values = String(repeating: #"{"a":1},"#, count: count)
        let body = try decode("{\"plain\": [\(values){\"a\":2}]}")
        #expect(body.plain?.count == count + 1)
        #expect(body.plain?.last?.text == #"{"a":2}"#)
    }

    @Test("is found under a key that is written with escapes")
    func escapedKey() throws {
        #expect(try decode(#"{"\u0076alue": {"a": 1}}"#).value?.text == #"{"a": 1}"#)
        #expect(try decode(#"{"valu\u0065": [1], "other": 2}"#).value?.text == "[1]")
    }

    @Test("is the one that the decoder takes where its key is there twice")
    func repeatedKey() throws {
        for body in [#"{"value": 1, "value": 2}"#, #"{"\u0076alue": 3, "value": 4}"#] {
            let both = try JSONBody.decodeHere(Both.self, from: ByteBuffer(string: body))
            #expect(both.text.text == String(both.number))
        }
    }

    @Test("is found behind a byte order mark and spaces")
    func byteOrderMark() throws {
        #expect(try decode("\u{FEFF} \t\r\n{\"value\": [1]}").value?.text == "[1]")
    }

    @Test("cannot be had where nothing but a decoder is there")
    func noBody() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RawJSON.self, from: Data("[1]".utf8))
        }
    }

    static let malformed: [String] = [
        #"{"x": 01}"#, #"{"x": -}"#, #"{"x": 1e}"#, #"{"x": 1.}"#, #"{"x": .5}"#, #"{"x": +1}"#, #"{"x": "\q"}"#,
        #"{"x": "\u12G4"}"#, #"{"x": "\ud800"}"#, #"{"x": "\udc00\ud800"}"#, "{\"x\": \"\u{1}\"}", #"{"x": 1,}"#,
        #"{"x": [1,]}"#, #"{"x": [1 2]}"#, #"{"x" 1}"#, #"{x: 1}"#, #"{"x": tru}"#, #"{"x": NaN}"#, #"{} {}"#,
        #"{"x": "a"#,
        "{\"x\": 'a'}", #"{"x": 1} // a"#, "[" + String(repeating: "[", count: 600),
        String(repeating: "[", count: 600) + String(repeating: "]", count: 600),
    ]

    @Test("is in a body that is JSON to the letter, or the body is refused", arguments: malformed)
    func isRefused(_ body: String) {
        #expect(throws: APIError.notJSON) { try decode(body) }
    }

    static let badBytes: [[UInt8]] = [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
        [0xF0, 0x8F, 0xBF, 0xBF],
    ]

    @Test("is in a body of valid UTF-8, or the body is refused", arguments: badBytes)
    func notUnicode(_ bytes: [UInt8]) {
        let body = ByteBuffer(bytes: Array(#"{"x": ""#.utf8) + bytes + Array(#""}"#.utf8))
        #expect(throws: APIError.notJSON) { try JSONBody.decodeHere(Body.self, from: body) }
    }

    @Test("is in a body of UTF-8, not of UTF-16")
    func otherEncoding() throws {
        let bytes = try #require("{}".data(using: .utf16))
        #expect(throws: APIError.notJSON) { try JSONBody.decodeHere(Body.self, from: ByteBuffer(bytes: bytes)) }
    }
}
