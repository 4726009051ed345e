import HTTPTypes
import Inference
import Server
import Testing

@Suite("A LlamaStack request")
struct LlamaStackRequestTests {
    private func received(
        _ fields: String = "", messages: String = Surface.userMessage
    ) async throws -> ChatRequest {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).llamaStack(fields, messages: messages)
        #expect(reply.status == 200, "\(reply.body)")
        return try #require(chat.received.first)
    }

    @Test("is greedy and without limits where it says nothing")
    func defaults() async throws {
        let request = try await received()
        #expect(
            request
                == ChatRequest(
                    messages: [ChatMessage(role: .user, content: "Hi")], toolChoice: .none,
                    parameters: GenerationParameters(sampling: .greedy)))
    }

    @Test("has a conversation of all its roles")
    func roles() async throws {
        let request = try await received(
            messages: #"""
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": ["What now?", "And then?"], "context": "It is noon."},
                {"role": "assistant", "content": "", "stop_reason": "end_of_message", "tool_calls":
                    [{"call_id": "c1", "tool_name": "clock", "arguments": {"zone": "UTC", "at": 1.50}}]},
                {"role": "ipython", "call_id": "c1", "tool_name": "clock", "content": "12:00"}
                """#)
        #expect(
            request.messages == [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "It is noon.\n\nWhat now?\nAnd then?"),
                ChatMessage(
                    role: .assistant, content: "",
                    toolCalls: [ToolCall(id: "c1", name: "clock", arguments: #"{"zone": "UTC", "at": 1.50}"#)]),
                ChatMessage(role: .tool, content: "12:00", name: "clock", toolCallID: "c1"),
            ])
    }

    @Test(
        "lets only those parameters act that its strategy has",
        arguments: [
            ("greedy", SamplingParameters(temperature: 0, repetitionPenalty: 1.5)),
            ("top_p", SamplingParameters(temperature: 0.5, topP: 0.25, repetitionPenalty: 1.5)),
            ("top_k", SamplingParameters(temperature: 0.5, topK: 7, repetitionPenalty: 1.5)),
        ])
    func strategies(strategy: String, expected: SamplingParameters) async throws {
        let request = try await received(
            #"""
            "sampling_params": {"strategy": "\#(strategy)", "temperature": 0.5, "top_p": 0.25, "top_k": 7,
                                "repetition_penalty": 1.5}
            """#)
        #expect(request.parameters.sampling == expected)
    }

    @Test("has the specification's defaults under its strategy")
    func strategyDefaults() async throws {
        let request = try await received(#""sampling_params": {"strategy": "top_p"}"#)
        #expect(request.parameters.sampling == SamplingParameters(temperature: 0, topP: 0.95))
    }

    @Test("has no limit of tokens at 0", arguments: [(0, nil), (12, 12)] as [(Int, Int?)])
    func maximumTokens(sent: Int, expected: Int?) async throws {
        let request = try await received(#""sampling_params": {"strategy": "greedy", "max_tokens": \#(sent)}"#)
        #expect(request.parameters.maximumTokens == expected)
    }

    @Test("asks for log-probabilities", arguments: [("{}", 0), (#"{"top_k": 3}"#, 3)])
    func logprobs(field: String, expected: Int) async throws {
        #expect(try await received("\"logprobs\": \(field)").parameters.topLogprobs == expected)
    }

    @Test("hands a schema on as it was written")
    func jsonSchema() async throws {
        let schema = #"{"type": "object", "properties": {"b": {}, "a": {}}}"#
        let request = try await received(#""response_format": {"type": "json_schema", "json_schema": \#(schema)}"#)
        #expect(request.outputFormat == .jsonSchema(schema))
    }

    @Test(
        "has a grammar of rules, or of one text",
        arguments: [
            (#"{"root": "\"a\" end", "end": "[.!]"}"#, "end ::= (\n[.!]\n)\nroot ::= (\n\"a\" end\n)\n"),
            (#"{"root": "\"yes\" | \"no\""}"#, "root ::= (\n\"yes\" | \"no\"\n)\n"),
            (##"{"grammar": "# Answers.\nroot ::= \"yes\""}"##, "# Answers.\nroot ::= \"yes\""),
            (#"{"root": "root::=[0-9]"}"#, "root::=[0-9]"),
        ])
    func grammar(bnf: String, expected: String) async throws {
        let request = try await received(#""response_format": {"type": "grammar", "bnf": \#(bnf)}"#)
        #expect(request.outputFormat == .grammar(expected))
    }

    @Test("may name its model as the clients before did")
    func olderModelName() async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).call(
            .post, "/v1/llamastack/inference/chat_completion",
            body: #"{"model": "small", "messages": [\#(Surface.userMessage)]}"#)
        #expect(reply.status == 200)
        #expect(chat.received.count == 1)
    }

    @Test(
        "may come by each client's path",
        arguments: [
            "inference/chat-completion", "inference/chat_completion", "alpha/inference/chat-completion",
            "alpha/inference/chat_completion",
        ])
    func paths(path: String) async throws {
        #expect(try await Surface().llamaStack(path: path).status == 200)
    }
}
