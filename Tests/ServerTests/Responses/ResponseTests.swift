import Foundation
import HTTPTypes
import Inference
import Testing

extension Surface {
    /// Asks for a response; the fields come beside a model and, unless they have one, an input.
    func respond(_ fields: String = "", base: String = "/v1") async throws -> Reply {
        let input = fields.contains("\"input\"") ? [] : [#""input": "Hi""#]
        let all = ([#""model": "tiny""#] + input + (fields.isEmpty ? [] : [fields])).joined(separator: ", ")
        return try await call(.post, base + "/responses", body: "{\(all)}")
    }
}

extension Surface.Reply {
    func output() throws -> [[String: Any]] {
        try #require(try json()["output"] as? [[String: Any]])
    }
}

@Suite("A response")
struct ResponseTests {
    /// Thoughts, a text and two calls.
    static let all: [GenerationEvent] = [
        .delta(AnswerDelta(reasoning: "I ")), .delta(AnswerDelta(reasoning: "think.")),
        .text("Good "), .text("day"),
        .delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, id: "call_1", name: "look"))),
        .delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, arguments: #"{"at":"#))),
        .delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, arguments: "1}"))),
        .delta(AnswerDelta(toolCall: ToolCallDelta(index: 1, id: "call_2", name: "listen", arguments: "{}"))),
    ]

    @Test("is one body where it does not stream")
    func gathered() async throws {
        let usage = TokenUsage(
            promptTokens: 7, cachedPromptTokens: 3, completionTokens: 5, reasoningTokens: 2)
        let reply = try await Surface(FakeChat([Self.all, .end(.toolCalls, usage: usage)])).respond()
        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "application/json")
        let json = try reply.json()
        #expect(json["object"] as? String == "response")
        #expect((json["id"] as? String)?.hasPrefix("resp_") == true)
        #expect(json["status"] as? String == "completed")
        #expect(json["error"] is NSNull && json["incomplete_details"] is NSNull)
        #expect(json["created_at"] as? Int != nil && json["completed_at"] as? Int != nil)
        let told = try #require(json["usage"] as? [String: Any])
        #expect(told["input_tokens"] as? Int == 7)
        #expect(told["output_tokens"] as? Int == 5)
        #expect(told["total_tokens"] as? Int == 12)
        #expect((told["input_tokens_details"] as? [String: Any])?["cached_tokens"] as? Int == 3)
        #expect((told["output_tokens_details"] as? [String: Any])?["reasoning_tokens"] as? Int == 2)
    }

    @Test("has what was thought, said and called as items, in this order")
    func items() async throws {
        let output = try await Surface(FakeChat([Self.all, .end(.toolCalls)])).respond().output()
        #expect(output.map { $0["type"] as? String } == ["reasoning", "message", "function_call", "function_call"])
        #expect(output.allSatisfy { $0["status"] as? String == "completed" })
        #expect(Set(output.compactMap { $0["id"] as? String }).count == 4)
        let thought = try #require((output[0]["content"] as? [[String: Any]])?.first)
        #expect(thought["type"] as? String == "reasoning_text")
        #expect(thought["text"] as? String == "I think.")
        #expect((output[0]["summary"] as? [Any])?.isEmpty == true)
        #expect(output[1]["role"] as? String == "assistant")
        let part = try #require((output[1]["content"] as? [[String: Any]])?.first)
        #expect(part["type"] as? String == "output_text")
        #expect(part["text"] as? String == "Good day")
        #expect((part["annotations"] as? [Any])?.isEmpty == true)
        #expect((part["logprobs"] as? [Any])?.isEmpty == true)
        #expect(output[2]["call_id"] as? String == "call_1")
        #expect(output[2]["name"] as? String == "look")
        #expect(output[2]["arguments"] as? String == #"{"at":1}"#)
        #expect(output[3]["call_id"] as? String == "call_2")
    }

    @Test("that the limit of tokens cut is incomplete, and so is its last item")
    func incomplete() async throws {
        let reply = try await Surface(FakeChat([[.text("a")], .end(.length)])).respond()
        let json = try reply.json()
        #expect(json["status"] as? String == "incomplete")
        #expect((json["incomplete_details"] as? [String: Any])?["reason"] as? String == "max_output_tokens")
        #expect(try reply.output().first?["status"] as? String == "incomplete")
    }

    @Test("of no tokens has an empty message")
    func empty() async throws {
        let output = try await Surface(FakeChat([.end()])).respond().output()
        #expect(output.count == 1)
        #expect((output[0]["content"] as? [[String: Any]])?.first?["text"] as? String == "")
    }

    @Test("says its request again, and the defaults where that was silent")
    func echo() async throws {
        let silent = try await Surface().respond().json()
        #expect(silent["parallel_tool_calls"] as? Bool == true)
        #expect(silent["tool_choice"] as? String == "auto")
        #expect((silent["tools"] as? [Any])?.isEmpty == true)
        #expect(silent["temperature"] as? Double == 1)
        #expect(silent["truncation"] as? String == "disabled")
        #expect(silent["store"] as? Bool == false)
        #expect(silent["service_tier"] == nil)
        #expect((silent["metadata"] as? [String: Any])?.isEmpty == true)
        for key in ["instructions", "max_output_tokens", "previous_response_id", "user"] {
            #expect(silent[key] is NSNull)
        }
        let tool = #"{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": null}"#
        let said = try await Surface().respond(
            """
            "instructions": "Be \\"kind\\".", "max_output_tokens": 9, "metadata": {"a": "b"}, "temperature": 0.5,
            "top_p": 0.25, "parallel_tool_calls": false, "tools": [\(tool)], "tool_choice": "required", "user": "u",
            "store": true, "service_tier": "auto", "text": {"format": {"type": "text"}, "verbosity": "medium"},
            "reasoning": {"effort": "low"}, "prompt_cache_key": "k", "safety_identifier": "s", "max_tool_calls": 3
            """
        ).json()
        #expect(said["instructions"] as? String == "Be \"kind\".")
        #expect(said["max_output_tokens"] as? Int == 9)
        #expect(said["metadata"] as? [String: String] == ["a": "b"])
        #expect(said["temperature"] as? Double == 0.5)
        #expect(said["top_p"] as? Double == 0.25)
        #expect(said["parallel_tool_calls"] as? Bool == false)
        #expect((said["tools"] as? [[String: Any]])?.first?["name"] as? String == "f")
        #expect(said["tool_choice"] as? String == "required")
        #expect(said["store"] as? Bool == false)
        #expect(said["service_tier"] as? String == "default")
        #expect((said["reasoning"] as? [String: Any])?["effort"] as? String == "low")
        #expect(said["user"] as? String == "u")
    }

    @Test("has log-probabilities of its text where they are included")
    func logprobs() async throws {
        let token = { (byte: UInt8) in
            TokenLogprob(token: 1, bytes: [byte], logprob: -1, top: [.init(token: 2, bytes: [0x62], logprob: -0.5)])
        }
        let chat = FakeChat([
            [
                .delta(AnswerDelta(reasoning: "r", logprobs: [token(0x72)])),
                .delta(AnswerDelta(logprobs: [token(0xC3)])), .delta(AnswerDelta(text: "é", logprobs: [token(0xA9)])),
            ], .end(),
        ])
        let output = try await Surface(chat).respond(
            #""include": ["message.output_text.logprobs"], "top_logprobs": 1"#
        ).output()
        #expect(chat.received.first?.parameters.topLogprobs == 1)
        let part = try #require((output.last?["content"] as? [[String: Any]])?.first)
        let logprobs = try #require(part["logprobs"] as? [[String: Any]])
        #expect(logprobs.map { $0["bytes"] as? [Int] } == [[0xC3], [0xA9]])
        #expect((logprobs[0]["top_logprobs"] as? [[String: Any]])?.first?["token"] as? String == "b")
    }

    @Test("is under OpenAI's base alone, and POST alone")
    func base() async throws {
        #expect(try await Surface().respond(base: "/v1/openai").status == 404)
        #expect(try await Surface().call(.get, "/v1/responses").status == 405)
    }
}
