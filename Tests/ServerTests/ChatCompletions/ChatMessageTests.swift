import HTTPTypes
import Inference
import Server
import Testing

@Suite("The messages of a chat request")
struct ChatMessageTests {
    private func messages(_ text: String) async throws -> [ChatMessage] {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).complete(messages: text)
        #expect(reply.status == 200, "\(reply.body)")
        return try #require(chat.received.first).messages
    }

    @Test("keep their roles and names, and join the parts of their texts by line breaks")
    func roles() async throws {
        let messages = try await messages(
            """
            [{"role": "developer", "content": "A", "name": "Ann"}, {"role": "system", "content": ""},
             {"role": "system", "content": [{"type": "text", "text": "B"}]},
             {"role": "user", "name": "Eve", "content": [{"type": "text", "text": "C"}, {"type": "text", "text": "D"}]},
             {"role": "assistant", "content": [{"type": "text", "text": "E"}, {"type": "text", "text": "F"}]}]
            """)
        #expect(
            messages == [
                ChatMessage(role: .developer, content: "A", name: "Ann"), ChatMessage(role: .system, content: ""),
                ChatMessage(role: .system, content: "B"), ChatMessage(role: .user, content: "C\nD", name: "Eve"),
                ChatMessage(role: .assistant, content: "E\nF"),
            ])
    }

    @Test(
        "of an assistant may be nothing, a refusal, or thoughts and an answer",
        arguments: [
            (#""content": null"#, ChatMessage(role: .assistant, content: "")),
            (#""content": null, "refusal": "no""#, ChatMessage(role: .assistant, content: "no")),
            (#""refusal": "no""#, ChatMessage(role: .assistant, content: "no")),
            (#""content": [{"type": "refusal", "refusal": "no"}]"#, ChatMessage(role: .assistant, content: "no")),
            (#""content": "a", "audio": null, "tool_calls": []"#, ChatMessage(role: .assistant, content: "a")),
            (
                #""content": "a", "reasoning_content": "b""#,
                ChatMessage(role: .assistant, content: "a", reasoning: "b")
            ),
        ])
    func assistant(_ fields: String, _ message: ChatMessage) async throws {
        #expect(try await messages("[{\"role\": \"assistant\", \(fields)}]") == [message])
    }

    private static let calls = """
        {"role": "assistant", "tool_calls": [
          {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\\"b\\": 1, \\"a\\": 2}"}},
          {"id": "c2", "type": "function", "function": {"name": "g", "arguments": ""}}]}
        """

    @Test("that are results find the call that they belong to")
    func results() async throws {
        let messages = try await messages(
            """
            [\(Self.calls), {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "two"}]},
             {"role": "tool", "tool_call_id": "c1", "content": "one"}]
            """)
        #expect(
            messages == [
                ChatMessage(
                    role: .assistant, content: "",
                    toolCalls: [
                        ToolCall(id: "c1", name: "f", arguments: #"{"b": 1, "a": 2}"#),
                        ToolCall(id: "c2", name: "g", arguments: "{}"),
                    ]),
                ChatMessage(role: .tool, content: "two", name: "g", toolCallID: "c2"),
                ChatMessage(role: .tool, content: "one", name: "f", toolCallID: "c1"),
            ])
    }

    @Test("that are results of functions find their calls by the function's name")
    func functionResults() async throws {
        let messages = try await messages(
            """
            [{"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}},
             {"role": "function", "name": "f", "content": "one"},
             {"role": "function", "name": "other", "content": null}]
            """)
        let call = try #require(messages.first?.toolCalls.first)
        #expect(!call.id.isEmpty && call.name == "f" && call.arguments == "{}")
        #expect(messages[1] == ChatMessage(role: .tool, content: "one", name: "f", toolCallID: call.id))
        #expect(messages[2] == ChatMessage(role: .tool, content: "", name: "other"))
    }

    private static func part(_ part: String) -> String { "[{\"role\": \"user\", \"content\": [\(part)]}]" }
    private static func call(_ call: String) -> String { "[{\"role\": \"assistant\", \"tool_calls\": [\(call)]}]" }

    static let wrong = [
        WrongBody("1", "messages", "invalid_type"),
        WrongBody("null", "messages", "invalid_type"),
        WrongBody("[]", "messages", "out_of_range"),
        WrongBody("[1]", "messages[0]", "invalid_type"),
        WrongBody("[{}]", "messages[0].role", "missing_required_parameter"),
        WrongBody(#"[{"role": "robot", "content": "a"}]"#, "messages[0].role", "invalid_value"),
        WrongBody(#"[{"role": "user"}]"#, "messages[0].content", "missing_required_parameter"),
        WrongBody(#"[{"role": "system"}]"#, "messages[0].content", "missing_required_parameter"),
        WrongBody(#"[{"role": "user", "content": null}]"#, "messages[0].content", "invalid_type"),
        WrongBody(#"[{"role": "user", "content": 1}]"#, "messages[0].content", "invalid_type"),
        WrongBody(#"[{"role": "user", "content": []}]"#, "messages[0].content", "out_of_range"),
        WrongBody(part("1"), "messages[0].content[0]", "invalid_type"),
        WrongBody(part("{}"), "messages[0].content[0].type", "missing_required_parameter"),
        WrongBody(part(#"{"type": "smell"}"#), "messages[0].content[0].type", "invalid_value"),
        WrongBody(part(#"{"type": "text"}"#), "messages[0].content[0].text", "missing_required_parameter"),
        WrongBody(part(#"{"type": "refusal", "refusal": "a"}"#), "messages[0].content[0].type", "invalid_value"),
        WrongBody(
            #"[{"role": "system", "content": [{"type": "image_url"}]}]"#, "messages[0].content[0].type", "invalid_value"
        ),
        WrongBody(#"[{"role": "user", "content": "a", "name": 1}]"#, "messages[0].name", "invalid_type"),
        WrongBody(#"[{"role": "user", "content": "a", "name": ""}]"#, "messages[0].name", "out_of_range"),
        WrongBody(
            #"[{"role": "user", "content": "a", "name": "\#(String(repeating: "n", count: 65))"}]"#, "messages[0].name",
            "out_of_range"),
        WrongBody(#"[{"role": "assistant"}]"#, "messages[0].content", "missing_required_parameter"),
        WrongBody(#"[{"role": "assistant", "content": "a", "refusal": 1}]"#, "messages[0].refusal", "invalid_type"),
        WrongBody(
            #"[{"role": "assistant", "content": "a", "audio": {"id": "b"}}]"#, "messages[0].audio",
            "unsupported_parameter"),
        WrongBody(
            #"[{"role": "assistant", "content": "#
                + #"[{"type": "text", "text": "a"}, {"type": "refusal", "refusal": "b"}]}]"#,
            "messages[0].content", "invalid_value"),
        WrongBody(
            #"[{"role": "assistant", "content": [{"type": "image_url"}]}]"#, "messages[0].content[0].type",
            "invalid_value"),
        WrongBody(call("1"), "messages[0].tool_calls[0]", "invalid_type"),
        WrongBody(call(#"{"type": "function"}"#), "messages[0].tool_calls[0].id", "missing_required_parameter"),
        WrongBody(call(#"{"id": "a"}"#), "messages[0].tool_calls[0].type", "missing_required_parameter"),
        WrongBody(call(#"{"id": "a", "type": "custom"}"#), "messages[0].tool_calls[0].type", "unsupported_value"),
        WrongBody(
            call(#"{"id": "a", "type": "function"}"#), "messages[0].tool_calls[0].function",
            "missing_required_parameter"),
        WrongBody(
            call(#"{"id": "a", "type": "function", "function": {"arguments": "{}"}}"#),
            "messages[0].tool_calls[0].function.name", "missing_required_parameter"),
        WrongBody(
            call(#"{"id": "a", "type": "function", "function": {"name": "f"}}"#),
            "messages[0].tool_calls[0].function.arguments", "missing_required_parameter"),
        WrongBody(
            call(#"{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{a: 1}"}}"#),
            "messages[0].tool_calls[0].function.arguments", "invalid_value"),
        WrongBody(
            call(#"{"id": "a", "type": "function", "function": {"name": "f", "arguments": {}}}"#),
            "messages[0].tool_calls[0].function.arguments", "invalid_type"),
        WrongBody(
            #"[{"role": "assistant", "function_call": {"name": "f", "arguments": "["}}]"#,
            "messages[0].function_call.arguments", "invalid_value"),
        WrongBody(#"[{"role": "tool", "content": "a"}]"#, "messages[0].tool_call_id", "missing_required_parameter"),
        WrongBody(
            #"[{"role": "tool", "content": "a", "tool_call_id": "x"}]"#, "messages[0].tool_call_id", "invalid_value"),
        WrongBody(
            #"[{"role": "tool", "content": "a", "tool_call_id": "c1"}, \#(calls)]"#, "messages[0].tool_call_id",
            "invalid_value"),
        WrongBody(
            #"[\#(calls), {"role": "tool", "content": "a", "tool_call_id": "c3"}]"#, "messages[1].tool_call_id",
            "invalid_value"),
        WrongBody(
            #"[\#(calls), {"role": "tool", "tool_call_id": "c1"}]"#, "messages[1].content", "missing_required_parameter"
        ),
        WrongBody(#"[{"role": "function", "content": "a"}]"#, "messages[0].name", "missing_required_parameter"),
        WrongBody(#"[{"role": "function", "name": "f"}]"#, "messages[0].content", "missing_required_parameter"),
        WrongBody(#"[{"role": "function", "name": "f", "content": []}]"#, "messages[0].content", "invalid_type"),
    ]

    private static let place = "messages[0].content[0]"

    static let media = [
        WrongBody(part(#"{"type": "image_url"}"#), place + ".image_url", "missing_required_parameter"),
        WrongBody(part(#"{"type": "image_url", "image_url": "a"}"#), place + ".image_url", "invalid_type"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {}}"#), place + ".image_url.url", "missing_required_parameter"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "https://a.test/b.png"}}"#), place + ".image_url.url",
            "unsupported_value"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}"#), place + ".image_url.url",
            "invalid_value"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,!"}}"#), place + ".image_url.url",
            "invalid_value"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "data:text/plain;base64,QUJD"}}"#),
            place + ".image_url.url", "invalid_value"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD", "detail": "most"}}"#),
            place + ".image_url.detail", "invalid_value"),
        WrongBody(
            part(#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD", "detail": "low"}}"#), place,
            "unsupported_value"),
        WrongBody(part(#"{"type": "input_audio"}"#), place + ".input_audio", "missing_required_parameter"),
        WrongBody(
            part(#"{"type": "input_audio", "input_audio": {"data": "QUJD"}}"#), place + ".input_audio.format",
            "missing_required_parameter"),
        WrongBody(
            part(#"{"type": "input_audio", "input_audio": {"data": "QUJD", "format": "ogg"}}"#),
            place + ".input_audio.format", "invalid_value"),
        WrongBody(
            part(#"{"type": "input_audio", "input_audio": {"data": "?", "format": "wav"}}"#),
            place + ".input_audio.data", "invalid_value"),
        WrongBody(
            part(#"{"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}"#), place,
            "unsupported_value"),
        WrongBody(
            part(#"{"type": "file", "file": {"file_id": "a"}}"#), place + ".file.file_id", "unsupported_parameter"),
        WrongBody(part(#"{"type": "file", "file": {}}"#), place + ".file.file_data", "missing_required_parameter"),
        WrongBody(part(#"{"type": "file", "file": {"file_data": "?"}}"#), place + ".file.file_data", "invalid_value"),
        WrongBody(
            part(#"{"type": "file", "file": {"filename": "a", "file_data": "QUJD"}}"#), place, "unsupported_value"),
    ]

    @Test("are refused where they are wrong, and the place is named", arguments: wrong + media)
    func refused(_ wrong: WrongBody) async throws {
        for base in ["/v1", "/v1/openai"] {
            try wrong.expect(try await Surface().complete(messages: wrong.fields, base: base))
        }
    }

    @Test("with an image are refused for want of a projector, which the reply says")
    func projector() async throws {
        let reply = try await Surface().complete(
            messages: Self.part(#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}"#))
        #expect(try reply.error("message")?.contains("no projector") == true)
    }
}
