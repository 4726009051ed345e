import Foundation
import HTTPTypes
import Inference
import Testing

@Suite("A response's request")
struct ResponseRequestTests {
    @Test("becomes the domain's request")
    func translation() async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).respond(
            """
            "instructions": "Be brief.", "temperature": 0, "top_p": 0.5, "max_output_tokens": 9,
            "parallel_tool_calls": false, "reasoning": {"effort": "low", "summary": "auto"},
            "tools": [{"type": "function", "name": "f", "description": "d", "strict": true,
                       "parameters": {"z": 1, "a": 2}}],
            "tool_choice": {"type": "function", "name": "f"},
            "text": {"format": {"type": "json_schema", "name": "n", "schema": {"z": 1, "a": 2}, "strict": true}}
            """)
        #expect(reply.status == 200)
        let schema = #"{"z": 1, "a": 2}"#
        #expect(
            chat.received == [
                ChatRequest(
                    messages: [
                        ChatMessage(role: .system, content: "Be brief."), ChatMessage(role: .user, content: "Hi"),
                    ],
                    tools: [Tool(name: "f", description: "d", parameters: schema, isStrict: true)],
                    toolChoice: .function("f"), allowsParallelToolCalls: false, outputFormat: .jsonSchema(schema),
                    reasoningEffort: .low,
                    parameters: GenerationParameters(
                        sampling: SamplingParameters(temperature: 0, topP: 0.5), maximumTokens: 9))
            ])
    }

    @Test("may hold a conversation as items")
    func items() async throws {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).respond(
            """
            "input": [
                {"role": "developer", "content": "A"},
                {"type": "message", "role": "user",
                 "content": [{"type": "input_text", "text": "B"}, {"type": "input_text", "text": "C"}]},
                {"type": "reasoning", "id": "rs_1", "summary": [],
                 "content": [{"type": "reasoning_text", "text": "T"}]},
                {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                 "content": [{"type": "output_text", "text": "D", "annotations": []}]},
                {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"},
                {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "2"}]},
                {"type": "function_call_output", "call_id": "c1", "output": "1"},
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "S"}]},
                {"type": "function_call", "call_id": "c3", "name": "f", "arguments": "[]"},
                {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No"}]},
                {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "U"}]},
                {"role": "user", "content": "E"}]
            """)
        #expect(reply.status == 200, "\(reply.body)")
        let first = ToolCall(id: "c1", name: "f", arguments: "{}")
        let second = ToolCall(id: "c2", name: "g", arguments: "{}")
        let third = ToolCall(id: "c3", name: "f", arguments: "[]")
        #expect(
            chat.received.first?.messages == [
                ChatMessage(role: .developer, content: "A"), ChatMessage(role: .user, content: "B\nC"),
                ChatMessage(role: .assistant, content: "D", toolCalls: [first, second], reasoning: "T"),
                ChatMessage(role: .tool, content: "2", name: "g", toolCallID: "c2"),
                ChatMessage(role: .tool, content: "1", name: "f", toolCallID: "c1"),
                ChatMessage(role: .assistant, content: "", toolCalls: [third], reasoning: "S"),
                ChatMessage(role: .assistant, content: "No"),
                ChatMessage(role: .assistant, content: "", reasoning: "U"),
                ChatMessage(role: .user, content: "E"),
            ])
    }

    @Test("may hold the output of an earlier response as it came")
    func roundTrip() async throws {
        let output = try await Surface(FakeChat([ResponseTests.all, .end(.toolCalls)])).respond().output()
        let items = String(decoding: try JSONSerialization.data(withJSONObject: output), as: UTF8.self)
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).respond("\"input\": \(items)")
        #expect(reply.status == 200)
        let message = try #require(chat.received.first?.messages.first)
        #expect(chat.received.first?.messages.count == 1)
        #expect(message.reasoning == "I think.")
        #expect(message.content == "Good day")
        #expect(message.toolCalls.map(\.name) == ["look", "listen"])
    }

    static let choices: [(String, ToolChoice, [String])] = [
        ("null", .auto, ["f", "g"]), (#""auto""#, .auto, ["f", "g"]), (#""none""#, .none, ["f", "g"]),
        (#""required""#, .required, ["f", "g"]), (#"{"type": "function", "name": "g"}"#, .function("g"), ["f", "g"]),
        (
            #"{"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "g"}]}"#,
            .required, ["g"]
        ),
        (
            #"{"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "f"}]}"#, .auto, ["f"]
        ),
    ]

    @Test("chooses among its tools", arguments: choices)
    func toolChoice(_ choice: String, _ expected: ToolChoice, _ names: [String]) async throws {
        let chat = FakeChat([.end()])
        let tools = #"[{"type": "function", "name": "f"}, {"type": "function", "name": "g"}]"#
        let reply = try await Surface(chat).respond("\"tools\": \(tools), \"tool_choice\": \(choice)")
        #expect(reply.status == 200)
        #expect(chat.received.first?.toolChoice == expected)
        #expect(chat.received.first?.tools.map(\.name) == names)
    }

    @Test(
        "is answered with its own field where the engine names a chat's",
        arguments: [
            ("messages[3].content", "input"), ("max_completion_tokens", "max_output_tokens"),
            ("tools[1].function.parameters.type", "tools[1].parameters.type"), ("tool_choice", "tool_choice"),
            ("response_format.json_schema.schema.$ref", "text.format.schema.$ref"), ("response_format", "text.format"),
            ("reasoning_effort", "reasoning.effort"),
        ])
    func renamedFields(_ theirs: String, _ ours: String) async throws {
        let surface = try await Surface(
            FakeChat(refusing: InferenceError(.invalidRequest, "No.", parameter: theirs)))
        for stream in [false, true] {
            let reply = try await surface.respond("\"stream\": \(stream)")
            #expect(reply.status == 400)
            #expect(try reply.error("param") == ours)
        }
    }
}
