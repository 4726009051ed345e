import Foundation
import HTTPTypes
import Inference
import Server
import Testing

/// What a model says, and the request that gets it.
struct ChatScene: Sendable, CustomTestStringConvertible {
    let name: String
    let fields: String
    let batches: [[GenerationEvent]]

    var testDescription: String { name }
}

@Suite("The answers of a chat completion")
struct ChatAnswerTests {
    private static func delta(
        _ choice: Int = 0, _ text: String = "", reasoning: String = "", call: ToolCallDelta? = nil,
        logprobs: [TokenLogprob] = []
    ) -> GenerationEvent {
        .delta(AnswerDelta(choice: choice, text: text, reasoning: reasoning, toolCall: call, logprobs: logprobs))
    }

    private static func token(_ id: Int32, _ bytes: [UInt8], _ logprob: Float?, top: Int = 0) -> TokenLogprob {
        TokenLogprob(
            token: id, bytes: bytes, logprob: logprob,
            top: (0..<top).map { .init(token: Int32($0), bytes: [97 + UInt8($0)], logprob: -Float($0)) })
    }

    static let text = ChatScene(
        name: "text", fields: #""user": "a""#,
        batches: [[.text("Good "), .text("day")], [.text("")], [.text("\"!\"\n\u{2028}😀")], .end()])

    static let several = ChatScene(
        name: "several choices", fields: #""n": 3"#,
        batches: [
            [.text("b1", choice: 1), .text("a1")], [.finished(.length, choice: 1)],
            [.text("a2"), .text("c1", choice: 2), .finished(.stop, choice: 2)],
            [
                .finished(.stop, choice: 0),
                .completed(TokenUsage(promptTokens: 1, cachedPromptTokens: 0, completionTokens: 4)),
            ],
        ])

    static let thoughts = ChatScene(
        name: "thoughts", fields: #""reasoning_effort": "low""#,
        batches: [[delta(reasoning: "Hm, "), delta(reasoning: "well")], [delta(0, "Yes")], .end()])

    static let calls = ChatScene(
        name: "calls", fields: ChatToolTests.tools,
        batches: [
            [delta(call: ToolCallDelta(index: 0, id: "c1", name: "f"))],
            [
                delta(call: ToolCallDelta(index: 0, arguments: #"{"a": ""#)),
                delta(call: ToolCallDelta(index: 0, arguments: "x\\n\"}")),
            ],
            [delta(call: ToolCallDelta(index: 1, id: "c2", name: "g-2_", arguments: "{}"))],
            .end(.toolCalls),
        ])

    static let textAndCall = ChatScene(
        name: "thoughts, text and a call", fields: ChatToolTests.tools,
        batches: [
            [delta(0, "Let me ", reasoning: "Hm"), .text("see.")],
            [delta(0, " So:", call: ToolCallDelta(index: 0, id: "c1", name: "f", arguments: "{}"))], .end(.toolCalls),
        ])

    static let functionCall = ChatScene(
        name: "a function call", fields: ChatToolTests.functions,
        batches: [
            [delta(call: ToolCallDelta(index: 0, id: "c1", name: "f", arguments: ""))],
            [delta(call: ToolCallDelta(index: 0, arguments: #"{"z": 1}"#))], .end(.toolCalls),
        ])

    static let twoFunctionCalls = ChatScene(
        name: "two function calls, of which one is told", fields: ChatToolTests.functions,
        batches: [
            [
                delta(call: ToolCallDelta(index: 0, id: "c1", name: "f", arguments: "{}")),
                delta(call: ToolCallDelta(index: 1, id: "c2", name: "g", arguments: "{}")),
            ], .end(.toolCalls),
        ])

    static let logprobs = ChatScene(
        name: "log-probabilities", fields: #""logprobs": true, "top_logprobs": 2, "n": 2"#,
        batches: [
            [delta(0, "Hi", logprobs: [token(1, [72], -0.1, top: 2), token(2, [105], -1e-5, top: 2)])],
            [delta(1, "", logprobs: [token(3, [0xF0, 0x9F], -2, top: 1)])],
            [delta(1, "😀", logprobs: [token(4, [0x98, 0x80], -.infinity, top: 0)])],
            .end(choices: 2),
        ])

    static let scenes: [ChatScene] = [
        text, several, thoughts, calls, textAndCall, functionCall, twoFunctionCalls, logprobs,
    ]

    @Test("are the same streamed and whole", arguments: scenes, ["/v1", "/v1/openai"])
    func sameStreamed(_ scene: ChatScene, base: String) async throws {
        let surface = try await Surface(FakeChat(scene.batches))
        let whole = try StreamedAnswers.whole(try await surface.complete(scene.fields, base: base).json())
        let streamed = try StreamedAnswers(
            try await surface.complete(scene.fields + #", "stream": true"#, base: base).body)
        #expect(streamed.isComplete)
        #expect(streamed.choices == whole)
        #expect(!whole.isEmpty)
    }

    @Test("come with their indices and each its own end")
    func several() async throws {
        let reply = try await Surface(FakeChat(Self.several.batches)).complete(Self.several.fields)
        let choices = try StreamedAnswers.whole(try reply.json())
        #expect(choices.mapValues(\.text) == [0: "a1a2", 1: "b1", 2: "c1"])
        #expect(choices.mapValues(\.reason) == [0: "stop", 1: "length", 2: "stop"])
    }

    @Test("begin with a chunk that says who speaks, each")
    func roles() async throws {
        let reply = try await Surface(FakeChat(Self.several.batches)).complete(#""n": 3, "stream": true"#)
        let events = reply.body.components(separatedBy: "\n\n")
        for choice in 0..<3 {
            #expect(
                events[choice].contains(
                    #"{"index":\#(choice),"delta":{"role":"assistant","content":"","refusal":null}"#))
        }
        #expect(reply.body.components(separatedBy: #""role":"#).count == 4)
    }

    @Test("of calls have no content, and the calls with their ids")
    func toolCalls() async throws {
        let reply = try await Surface(FakeChat(Self.calls.batches)).complete(Self.calls.fields)
        let choice = try #require(try StreamedAnswers.whole(try reply.json())[0])
        #expect(reply.body.contains(#""content":null"#))
        #expect(reply.body.contains(#""type":"function""#))
        #expect(choice.calls == [["c1", "f", #"{"a": "x\n"}"#], ["c2", "g-2_", "{}"]])
        #expect(choice.reason == "tool_calls")
        #expect(choice.functionCall == nil)
    }

    @Test("tell a call in the deprecated form where the request has functions")
    func functionCalls() async throws {
        let reply = try await Surface(FakeChat(Self.functionCall.batches)).complete(Self.functionCall.fields)
        let choice = try #require(try StreamedAnswers.whole(try reply.json())[0])
        #expect(choice.functionCall == ["f", #"{"z": 1}"#])
        #expect(choice.reason == "function_call")
        #expect(!reply.body.contains("tool_calls"))
    }

    @Test("stream a call's id, type and name once, and then only its arguments")
    func streamedCall() async throws {
        let body = try await Surface(FakeChat(Self.calls.batches)).complete(Self.calls.fields + #", "stream": true"#)
            .body
        #expect(
            body.contains(
                #"{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}"#))
        #expect(body.contains(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\": \""}}]}"#))
    }

    @Test("keep thoughts apart from the text")
    func reasoning() async throws {
        let reply = try await Surface(FakeChat(Self.thoughts.batches)).complete()
        #expect(reply.body.contains(#""reasoning_content":"Hm, well""#))
        #expect(reply.body.contains(#""content":"Yes""#))
    }

    @Test("have log-probabilities with their bytes, in as few digits as tell them apart", arguments: [true, false])
    func logprobDigits(stream: Bool) async throws {
        let reply = try await Surface(FakeChat(Self.logprobs.batches)).complete(
            Self.logprobs.fields + ", \"stream\": \(stream)")
        for number in [#""logprob":-0.1"#, #""logprob":-1e-05"#, #""logprob":-9999"#] {
            #expect(reply.body.contains(number + ",") || reply.body.contains(number + ".0,"), "\(number)")
        }
        #expect(reply.body.contains(#""bytes":[240,159]"#))
        #expect(!reply.body.contains(#"-0.10000000"#))
        #expect(reply.body.contains(#""token":"\#u{FFFD}""#))
    }

    @Test("stream log-probabilities of tokens whose text is yet to come")
    func logprobsWithoutText() async throws {
        let body = try await Surface(FakeChat(Self.logprobs.batches)).complete(
            Self.logprobs.fields + #", "stream": true"#
        ).body
        #expect(body.contains(#"{"index":1,"delta":{"content":""},"logprobs":{"content":[{"token":"\#u{FFFD}""#))
    }

    @Test("have each token's most likely others in their order")
    func topLogprobs() async throws {
        let json = try await Surface(FakeChat(Self.logprobs.batches)).complete(Self.logprobs.fields).json()
        let choice = try #require((json["choices"] as? [[String: Any]])?.first)
        let tokens = try #require((choice["logprobs"] as? [String: Any])?["content"] as? [[String: Any]])
        let top = try #require(tokens.first?["top_logprobs"] as? [[String: Any]])
        #expect(top.map { $0["token"] as? String } == ["a", "b"])
        #expect(top.map { $0["logprob"] as? Double } == [0, -1])
        #expect(top.map { $0["bytes"] as? [Int] } == [[97], [98]])
    }

    @Test("come with all the counts of their tokens", arguments: [true, false])
    func usage(stream: Bool) async throws {
        let usage = TokenUsage(
            promptTokens: 10, cachedPromptTokens: 4, completionTokens: 20, reasoningTokens: 5,
            acceptedPredictionTokens: 6, rejectedPredictionTokens: 7)
        let surface = try await Surface(FakeChat([.end(usage: usage)]))
        let fields = stream ? #""stream": true, "stream_options": {"include_usage": true}"# : ""
        let reply = try await surface.complete(fields)
        let json = stream ? try StreamedAnswers(reply.body).usage : try reply.json()["usage"] as? [String: Any]
        let counts = try #require(json)
        #expect(counts["prompt_tokens"] as? Int == 10)
        #expect(counts["completion_tokens"] as? Int == 20)
        #expect(counts["total_tokens"] as? Int == 30)
        #expect(counts["prompt_tokens_details"] as? [String: Int] == ["cached_tokens": 4, "audio_tokens": 0])
        #expect(
            counts["completion_tokens_details"] as? [String: Int] == [
                "reasoning_tokens": 5, "audio_tokens": 0, "accepted_prediction_tokens": 6,
                "rejected_prediction_tokens": 7,
            ])
    }

    @Test(
        "name the default tier where the request names one",
        arguments: ["auto", "default", "flex", "scale", "priority", "fast"])
    func serviceTier(_ tier: String) async throws {
        for stream in [true, false] {
            let reply = try await Surface().complete("\"service_tier\": \"\(tier)\", \"stream\": \(stream)")
            #expect(reply.body.contains(#""service_tier":"default""#))
        }
    }

    @Test("stream without padding where none is asked for")
    func noObfuscation() async throws {
        let reply = try await Surface().complete(#""stream": true, "stream_options": {"include_obfuscation": false}"#)
        #expect(reply.status == 200)
        #expect(!reply.body.contains("obfuscation"))
        #expect(!reply.body.contains("usage"))
    }
}
