import HTTPTypes
import Inference
import Server
import Testing

@Suite("A LlamaStack answer")
struct LlamaStackAnswerTests {
    static let tokens = [
        TokenLogprob(
            token: 1, bytes: Array("a".utf8), logprob: -0.5,
            top: [
                .init(token: 1, bytes: Array("a".utf8), logprob: -0.5),
                .init(token: 2, bytes: [0xE2, 0x82], logprob: -2),
            ]),
        TokenLogprob(
            token: 3, bytes: Array("\"".utf8), logprob: -3,
            top: [
                .init(token: 1, bytes: Array("a".utf8), logprob: -0.25),
                .init(token: 4, bytes: Array("b".utf8), logprob: -.infinity),
            ]),
    ]
    static let logprobs =
        #"[{"logprobs_by_token":{"a":-0.5,"bytes:\\xe2\\x82":-2.0}},"#
        + #"{"logprobs_by_token":{"a":-0.25,"b":-9999.0,"\"":-3.0}}]"#

    @Test(
        "is one body where it does not stream",
        arguments: [
            (FinishReason.stop, "end_of_turn"), (.length, "out_of_tokens"),
        ])
    func gathered(reason: FinishReason, expected: String) async throws {
        let reply = try await Surface(FakeChat([[.text("Good "), .text("\"day\"")], .end(reason)])).llamaStack()
        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "application/json")
        #expect(
            reply.body == #"{"completion_message":{"role":"assistant","content":"Good \"day\"","#
                + #""stop_reason":"\#(expected)","tool_calls":[]}}"#)
    }

    @Test("streams a start, its pieces and why it ended, and no other mark of the end")
    func streamed() async throws {
        let reply = try await Surface(FakeChat([[.text("Good "), .text("day\n")], .end(.length)]))
            .llamaStack(#""stream": true"#)
        #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
        #expect(
            reply.body == """
                data: {"event":{"event_type":"start","delta":""}}

                data: {"event":{"event_type":"progress","delta":"Good "}}

                data: {"event":{"event_type":"progress","delta":"day\\n"}}

                data: {"event":{"event_type":"complete","delta":"","stop_reason":"out_of_tokens"}}


                """)
    }

    @Test("has log-probabilities by token, the chosen one always among them")
    func logprobs() async throws {
        let chat = FakeChat([[.delta(AnswerDelta(text: "a\"", logprobs: Self.tokens))], .end()])
        let whole = try await Surface(chat).llamaStack(#""logprobs": {"top_k": 2}"#)
        #expect(whole.body.hasSuffix(#","logprobs":\#(Self.logprobs)}"#))
        let stream = try await Surface(chat).llamaStack(#""logprobs": {"top_k": 2}, "stream": true"#)
        #expect(
            stream.events[1] == #"{"event":{"event_type":"progress","delta":"a\"","logprobs":\#(Self.logprobs)}}"#)
    }

    @Test("has no log-probabilities that were not asked for")
    func noLogprobs() async throws {
        #expect(try await !Surface().llamaStack().body.contains("logprobs"))
    }

    @Test("leaves out what the model thought")
    func reasoning() async throws {
        let chat = FakeChat([[.delta(AnswerDelta(reasoning: "Hm.")), .text("Yes")], .end()])
        #expect(try await !Surface(chat).llamaStack().body.contains("Hm."))
        #expect(try await Surface(chat).llamaStack(#""stream": true"#).events.count == 3)
    }

    @Test("ends its stream with an error where the model fails")
    func errorInStream() async throws {
        let chat = FakeChat(
            [[.text("a")]], then: InferenceError(.invalidRequest, "No.", parameter: "max_tokens"))
        let reply = try await Surface(chat).llamaStack(#""stream": true"#)
        #expect(reply.status == 200)
        let last = try #require(reply.events.last)
        #expect(last.contains(#""error":{"#) && last.contains("traceId"))
        #expect(last.contains(#""param":"sampling_params.max_tokens""#))
    }

    @Test("that ends before it is finished is an error", arguments: [true, false])
    func endedEarly(stream: Bool) async throws {
        let reply = try await Surface(FakeChat([[.text("a")]])).llamaStack("\"stream\": \(stream)")
        #expect(reply.status == (stream ? 200 : 503))
        #expect(reply.body.contains("model_unavailable"))
    }
}
