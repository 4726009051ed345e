import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("A streamed text completion")
struct CompletionStreamTests {
    /// The chunks of a stream that ends as it should.
    static func chunks(_ body: String) throws -> [[String: Any]] {
        let events = body.split(separator: "\n\n")
        try #require(events.last == "data: [DONE]")
        return try events.dropLast().map { event in
            try #require(event.hasPrefix("data: "))
            return try #require(
                JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8)) as? [String: Any])
        }
    }

    @Test("is chunks of the same object, then the mark of the end")
    func shape() async throws {
        let chat = FakeChat([[.text("a \"b\""), .text("\n")], .end(.length)])
        let reply = try await Surface(chat).completeText(#""prompt": "p", "stream": true"#)
        #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
        let chunks = try Self.chunks(reply.body)
        #expect(chunks.count == 3)
        #expect(chunks.allSatisfy { $0["object"] as? String == "text_completion" && $0["usage"] == nil })
        #expect(Set(chunks.map { $0["id"] as? String }).count == 1)
        let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
        #expect(choices.map { $0["text"] as? String } == ["a \"b\"", "\n", ""])
        #expect(choices.map { $0["finish_reason"] as? String } == [nil, nil, "length"])
        #expect(choices.allSatisfy { $0["logprobs"] is NSNull })
    }

    @Test("tells its usage last, and null before, where that is asked for")
    func usage() async throws {
        let reply = try await Surface(FakeChat([[.text("a")], .end()])).completeText(
            #""prompt": "p", "stream": true, "stream_options": {"include_usage": true}"#)
        let chunks = try Self.chunks(reply.body)
        #expect(chunks.dropLast().allSatisfy { $0["usage"] is NSNull })
        #expect((chunks.last?["choices"] as? [Any])?.isEmpty == true)
        #expect((chunks.last?["usage"] as? [String: Any])?["total_tokens"] as? Int == 8)
    }

    @Test("that breaks ends with the error, and without the mark of the end")
    func broken() async throws {
        let error = InferenceError(.unavailable, "Gone.", parameter: "messages")
        let reply = try await Surface(FakeChat([[.text("a")]], then: error)).completeText(
            #""prompt": "p", "stream": true"#)
        let last = try #require(reply.body.split(separator: "\n\n").last)
        #expect(last.contains(#""message":"Gone.""#))
        #expect(last.contains(#""param":"prompt""#))
        #expect(!reply.body.contains("[DONE]"))
    }

    @Test("that ends early says so")
    func early() async throws {
        let reply = try await Surface(FakeChat([[.text("a")]])).completeText(#""prompt": "p", "stream": true"#)
        #expect(reply.body.contains("model_unavailable"))
        #expect(!reply.body.contains("[DONE]"))
    }
}
