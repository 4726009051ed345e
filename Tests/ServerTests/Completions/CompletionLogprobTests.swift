import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("The log-probabilities of a text completion")
struct CompletionLogprobTests {
    /// The tokens `Hé`, `é` as two halves, and ` 👋` with its space, after a prompt.
    static let tokens = [
        TokenLogprob(token: 1, bytes: Array("Hé".utf8), logprob: nil),
        TokenLogprob(
            token: 2, bytes: [0xC3], logprob: -0.5,
            top: [.init(token: 2, bytes: [0xC3], logprob: -0.5), .init(token: 9, bytes: [0x61], logprob: -1.25)]),
        TokenLogprob(
            token: 3, bytes: [0xA9], logprob: -3, top: [.init(token: 9, bytes: [0x61], logprob: -0.25)]),
        TokenLogprob(token: 4, bytes: Array(" 👋".utf8), logprob: -.infinity),
        TokenLogprob(token: 5, bytes: Array("!".utf8), logprob: 0),
    ]
    static let deltas: [GenerationEvent] = [
        .delta(AnswerDelta(text: "Hé")), .delta(AnswerDelta(logprobs: Array(tokens[0...0]))),
        .delta(AnswerDelta(text: "é", logprobs: Array(tokens[1...2]))),
        .delta(AnswerDelta(text: " 👋!", logprobs: Array(tokens[3...]))),
    ]

    @Test("are parallel arrays, with the spelling of parts of characters and offsets in characters")
    func arrays() async throws {
        let reply = try await Surface(FakeChat([Self.deltas, .end()])).completeText(
            #""prompt": "Hé", "echo": true, "logprobs": 2"#)
        let choice = try #require(try reply.choices().first)
        #expect(choice["text"] as? String == "Héé 👋!")
        let logprobs = try #require(choice["logprobs"] as? [String: Any])
        #expect(logprobs["tokens"] as? [String] == ["Hé", #"bytes:\xc3"#, #"bytes:\xa9"#, " 👋", "!"])
        #expect(logprobs["text_offset"] as? [Int] == [0, 2, 2, 3, 5])
        let chosen = try #require(logprobs["token_logprobs"] as? [Any])
        #expect(chosen[0] is NSNull)
        #expect(chosen.dropFirst().map { $0 as? Double } == [-0.5, -3, -9_999, 0])
        let top = try #require(logprobs["top_logprobs"] as? [Any])
        #expect(top[0] is NSNull)
        #expect(top[1] as? [String: Double] == [#"bytes:\xc3"#: -0.5, "a": -1.25])
        #expect(top[2] as? [String: Double] == [#"bytes:\xa9"#: -3, "a": -0.25])
    }

    @Test("give no place to tokens that are not in the text")
    func markers() async throws {
        let token = { (text: String) in TokenLogprob(token: 1, bytes: Array(text.utf8), logprob: -1) }
        let deltas: [GenerationEvent] = [
            .delta(AnswerDelta(text: "ab")), .delta(AnswerDelta(logprobs: [token("<s>"), token("a"), token("b")])),
            .delta(AnswerDelta(text: "c", logprobs: [token("c"), token("d!"), token("<end>")])),
        ]
        let reply = try await Surface(FakeChat([deltas, .end()])).completeText(
            #""prompt": "ab", "echo": true, "logprobs": 0"#)
        let logprobs = try #require(try reply.choices().first?["logprobs"] as? [String: Any])
        #expect(logprobs["text_offset"] as? [Int] == [0, 0, 1, 2, 3, 3])
    }

    @Test("are the same in a stream")
    func streamed() async throws {
        let surface = try await Surface(FakeChat([Array(Self.deltas[..<2]), Array(Self.deltas[2...]), .end()]))
        let whole = try await surface.completeText(#""prompt": "Hé", "echo": true, "logprobs": 2"#)
        let stream = try await surface.completeText(
            #""prompt": "Hé", "echo": true, "logprobs": 2, "stream": true"#)
        let expected = try #require(try whole.choices().first?["logprobs"] as? [String: [Any]])
        var joined: [String: [Any]] = [:]
        for chunk in try CompletionStreamTests.chunks(stream.body) {
            let choice = try #require((chunk["choices"] as? [[String: Any]])?.first)
            for (key, values) in choice["logprobs"] as? [String: [Any]] ?? [:] { joined[key, default: []] += values }
        }
        #expect(NSDictionary(dictionary: joined) == NSDictionary(dictionary: expected))
    }
}
