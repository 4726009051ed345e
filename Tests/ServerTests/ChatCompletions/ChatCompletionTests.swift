import HTTPTypes
import Inference
import NIOCore
import Server
import Testing

@Suite("A chat completion")
struct ChatCompletionTests {
    static let head = #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"tiny","#

    @Test("is one body where it does not stream")
    func gathered() async throws {
        let chat = FakeChat([[.text("Good "), .text("day")], [.text("!")], .end(.length)])
        let reply = try await Surface(chat).complete(#""service_tier": "auto""#)
        #expect(reply.status == 200)
        let json = try reply.json()
        let choice = try #require((json["choices"] as? [[String: Any]])?.first)
        let message = try #require(choice["message"] as? [String: Any])
        #expect(message["content"] as? String == "Good day!")
        #expect(message["role"] as? String == "assistant")
        #expect(choice["finish_reason"] as? String == "length")
        #expect(json["object"] as? String == "chat.completion")
        #expect(json["system_fingerprint"] as? String == "fp_test")
        #expect(json["service_tier"] as? String == "default")
        #expect((json["id"] as? String)?.hasPrefix("chatcmpl-") == true)
        #expect(reply.body.contains(#""refusal":null"#))
        #expect(reply.body.contains(#""logprobs":null"#))
    }

    @Test("counts its tokens")
    func usage() async throws {
        let reply = try await Surface().complete()
        let usage = try #require(try reply.json()["usage"] as? [String: Any])
        #expect(usage["prompt_tokens"] as? Int == 5)
        #expect(usage["completion_tokens"] as? Int == 3)
        #expect(usage["total_tokens"] as? Int == 8)
        #expect((usage["prompt_tokens_details"] as? [String: Any])?["cached_tokens"] as? Int == 2)
    }

    @Test("does not echo a service tier that was not sent")
    func noServiceTier() async throws {
        #expect(try await !Surface().complete().body.contains("service_tier"))
    }

    @Test("streams exactly these bytes")
    func chunkBytes() {
        let identity = ChatCompletionIdentity(
            id: "chatcmpl-1", created: 7, model: "tiny", systemFingerprint: "fp", serviceTier: nil)
        let chunks = ChatCompletionChunks(identity)
        var buffer = ByteBuffer()
        chunks.writeStart(into: &buffer)
        chunks.write(.text("a \"b\"\n"), into: &buffer)
        for event in [GenerationEvent].end() { chunks.write(event, into: &buffer) }
        let choices = Self.head + #""system_fingerprint":"fp","choices":[{"index":0,"delta":"#
        #expect(
            String(buffer: buffer) == """
                data: \(choices){"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}

                data: \(choices){"content":"a \\"b\\"\\n"},"logprobs":null,"finish_reason":null}]}

                data: \(choices){},"logprobs":null,"finish_reason":"stop"}]}

                data: [DONE]


                """)
    }

    @Test("streams its usage last, and null before, where that is asked for")
    func streamedUsage() async throws {
        let chat = FakeChat([[.text("a")], .end()])
        let reply = try await Surface(chat).complete(
            #""stream": true, "stream_options": {"include_usage": true}, "service_tier": "default""#)
        let events = reply.body.split(separator: "\n\n").map { $0.dropFirst("data: ".count) }
        #expect(events.count == 5)
        for event in events.prefix(3) { #expect(event.hasSuffix(#","usage":null}"#)) }
        #expect(
            events[3].hasSuffix(
                #""choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"#
                    + #""prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},"#
                    + #""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
                    + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}"#))
        #expect(events[4] == "[DONE]")
        #expect(events[0].contains(#""service_tier":"default""#))
    }

    @Test("streams as an event stream that nobody caches")
    func streamHeaders() async throws {
        let reply = try await Surface().complete(#""stream": true"#)
        #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
        #expect(reply.headers[.cacheControl] == "no-cache")
        #expect(reply.headers[try #require(HTTPField.Name("x-request-id"))] != nil)
    }

    @Test("ends its stream with an error event in the dialect's shape", arguments: ["/v1", "/v1/openai"])
    func errorInStream(base: String) async throws {
        let chat = FakeChat([[.text("a")]], then: InferenceError(.unavailable, "Gone."))
        let reply = try await Surface(chat).complete(#""stream": true"#, base: base)
        #expect(reply.status == 200)
        let last = try #require(reply.body.split(separator: "\n\n").last)
        #expect(last.hasPrefix("data: {"))
        #expect(last.contains(#""message":"Gone.""#))
        #expect(last.contains("traceId") == (base == "/v1/openai"))
        #expect(!reply.body.contains("[DONE]"))
    }

    @Test("that ends before it is finished is an error", arguments: [true, false])
    func endedEarly(stream: Bool) async throws {
        let reply = try await Surface(FakeChat([[.text("a")]])).complete("\"stream\": \(stream)")
        #expect(reply.status == (stream ? 200 : 503))
        #expect(reply.body.contains("model_unavailable"))
    }

    @Test("needs a model for chat")
    func wrongCapability() async throws {
        let reply = try await Surface().call(
            .post, "/v1/chat/completions",
            body: #"{"model": "owner/vectors", "messages": [{"role": "user", "content": "a"}]}"#)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == "model")
    }
}
