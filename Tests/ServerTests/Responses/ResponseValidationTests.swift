import HTTPTypes
import Testing

@Suite("A wrong response request")
struct ResponseValidationTests {
    static let fields = [
        WrongBody(#""input": null"#, "input", "invalid_type"),
        WrongBody(#""input": 1"#, "input", "invalid_type"),
        WrongBody(#""input": []"#, "input", "out_of_range"),
        WrongBody(#""instructions": 1"#, "instructions", "invalid_type"),
        WrongBody(#""temperature": 2.5"#, "temperature", "out_of_range"),
        WrongBody(#""top_p": "a""#, "top_p", "invalid_type"),
        WrongBody(#""max_output_tokens": 0"#, "max_output_tokens", "out_of_range"),
        WrongBody(#""top_logprobs": 21"#, "top_logprobs", "out_of_range"),
        WrongBody(#""top_logprobs": 1"#, "top_logprobs", "invalid_value"),
        WrongBody(#""include": "a""#, "include", "invalid_type"),
        WrongBody(#""include": ["a"]"#, "include[0]", "invalid_value"),
        WrongBody(#""include": [1]"#, "include[0]", "invalid_type"),
        WrongBody(#""stream": 1"#, "stream", "invalid_type"),
        WrongBody(#""stream_options": {}"#, "stream_options", "invalid_value"),
        WrongBody(
            #""stream": true, "stream_options": {"include_obfuscation": true}"#, "stream_options.include_obfuscation",
            "unsupported_value"),
        WrongBody(#""store": "no""#, "store", "invalid_type"),
        WrongBody(#""metadata": {"a": 1}"#, "metadata.a", "invalid_type"),
        WrongBody(#""user": 1"#, "user", "invalid_type"),
        WrongBody(#""service_tier": "best""#, "service_tier", "invalid_value"),
        WrongBody(#""max_tool_calls": 0"#, "max_tool_calls", "out_of_range"),
        WrongBody(#""truncation": "auto""#, "truncation", "unsupported_value"),
        WrongBody(#""truncation": "some""#, "truncation", "invalid_value"),
        WrongBody(#""previous_response_id": "resp_1""#, "previous_response_id", "unsupported_parameter"),
        WrongBody(#""conversation": "c""#, "conversation", "unsupported_parameter"),
        WrongBody(#""prompt": {"id": "p"}"#, "prompt", "unsupported_parameter"),
        WrongBody(#""background": true"#, "background", "unsupported_value"),
        WrongBody(#""background_options": {}"#, "background_options", "unsupported_parameter"),
        WrongBody(#""context_management": [{"type": "compaction"}]"#, "context_management", "unsupported_parameter"),
        WrongBody(#""moderation": {"model": "m"}"#, "moderation", "unsupported_parameter"),
        WrongBody(#""access_programs": {}"#, "access_programs", "unsupported_parameter"),
        WrongBody(#""image": {}"#, "image", "unsupported_parameter"),
        WrongBody(#""reasoning": {"effort": "much"}"#, "reasoning.effort", "invalid_value"),
        WrongBody(#""reasoning": {"summary": "concise"}"#, "reasoning.summary", "unsupported_value"),
        WrongBody(#""reasoning": {"generate_summary": "detailed"}"#, "reasoning.generate_summary", "unsupported_value"),
        WrongBody(#""reasoning": {"context": "all_turns"}"#, "reasoning.context", "unsupported_value"),
        WrongBody(#""reasoning": {"mode": "pro"}"#, "reasoning.mode", "unsupported_value"),
        WrongBody(#""text": {"verbosity": "low"}"#, "text.verbosity", "unsupported_value"),
        WrongBody(#""text": {"format": {}}"#, "text.format.type", "missing_required_parameter"),
        WrongBody(#""text": {"format": {"type": "xml"}}"#, "text.format.type", "invalid_value"),
        WrongBody(
            #""text": {"format": {"type": "json_schema", "name": "n"}}"#, "text.format.schema",
            "missing_required_parameter"),
        WrongBody(
            #""text": {"format": {"type": "json_schema", "schema": {}}}"#, "text.format.name",
            "missing_required_parameter"),
    ]

    static let tools = [
        WrongBody(#""tools": {}"#, "tools", "invalid_type"),
        WrongBody(#""tools": [{}]"#, "tools[0].type", "missing_required_parameter"),
        WrongBody(#""tools": [{"type": "web_search"}]"#, "tools[0].type", "unsupported_value"),
        WrongBody(#""tools": [{"type": "function"}]"#, "tools[0].name", "missing_required_parameter"),
        WrongBody(#""tools": [{"type": "function", "name": "a b"}]"#, "tools[0].name", "invalid_value"),
        WrongBody(
            #""tools": [{"type": "function", "name": "f", "parameters": []}]"#, "tools[0].parameters", "invalid_type"),
        WrongBody(
            #""tools": [{"type": "function", "name": "f", "defer_loading": true}]"#, "tools[0].defer_loading",
            "unsupported_value"),
        WrongBody(
            #""tools": [{"type": "function", "name": "f", "allowed_callers": ["programmatic"]}]"#,
            "tools[0].allowed_callers", "unsupported_value"),
        WrongBody(
            #""tools": [{"type": "function", "name": "f"}, {"type": "function", "name": "f"}]"#, "tools[1].name",
            "invalid_value"),
        WrongBody(#""tool_choice": "required""#, "tool_choice", "invalid_value"),
        WrongBody(#""tool_choice": "some""#, "tool_choice", "invalid_value"),
        WrongBody(#""tool_choice": 1"#, "tool_choice", "invalid_type"),
        WrongBody(#""tool_choice": {"type": "function", "name": "f"}"#, "tool_choice", "invalid_value"),
        WrongBody(#""tool_choice": {"type": "function"}"#, "tool_choice.name", "missing_required_parameter"),
        WrongBody(#""tool_choice": {"type": "web_search"}"#, "tool_choice.type", "unsupported_value"),
        WrongBody(#""parallel_tool_calls": 1"#, "parallel_tool_calls", "invalid_type"),
    ]

    static let items = [
        WrongBody(#""input": [1]"#, "input[0]", "invalid_type"),
        WrongBody(#""input": [{"content": "a"}]"#, "input[0].role", "missing_required_parameter"),
        WrongBody(#""input": [{"role": "tool", "content": "a"}]"#, "input[0].role", "invalid_value"),
        WrongBody(#""input": [{"role": "user"}]"#, "input[0].content", "missing_required_parameter"),
        WrongBody(#""input": [{"role": "user", "content": 1}]"#, "input[0].content", "invalid_type"),
        WrongBody(
            #""input": [{"role": "user", "content": [{"type": "input_image"}]}]"#, "input[0].content[0].type",
            "unsupported_value"),
        WrongBody(
            #""input": [{"role": "user", "content": [{"type": "input_text"}]}]"#, "input[0].content[0].text",
            "missing_required_parameter"),
        WrongBody(
            #""input": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]"#, "input[0].content[0].type",
            "invalid_value"),
        WrongBody(#""input": [{"type": "no", "role": "user"}]"#, "input[0].type", "invalid_value"),
        WrongBody(#""input": [{"type": "item_reference", "id": "i"}]"#, "input[0].type", "unsupported_value"),
        WrongBody(#""input": [{"type": "web_search_call"}]"#, "input[0].type", "unsupported_value"),
        WrongBody(
            #""input": [{"type": "function_call", "name": "f", "arguments": "{}"}]"#, "input[0].call_id",
            "missing_required_parameter"),
        WrongBody(
            #""input": [{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{"}]"#,
            "input[0].arguments", "invalid_value"),
        WrongBody(
            #""input": [{"type": "function_call_output", "call_id": "c", "output": "a"}]"#, "input[0].call_id",
            "invalid_value"),
        WrongBody(
            #""input": [{"type": "function_call_output", "call_id": "c"}]"#, "input[0].output",
            "missing_required_parameter"),
        WrongBody(
            #""input": [{"type": "reasoning", "summary": [], "encrypted_content": "x"}]"#,
            "input[0].encrypted_content", "unsupported_parameter"),
    ]

    @Test("is told which field is wrong", arguments: fields + tools + items)
    func fieldIsNamed(_ wrong: WrongBody) async throws {
        let chat = FakeChat([.end()])
        try wrong.expect(try await Surface(chat).respond(wrong.fields))
        #expect(chat.generations.isEmpty)
    }

    @Test("is told all its faults at once")
    func allFaults() async throws {
        let reply = try await Surface().call(
            .post, "/v1/responses",
            body: #"""
                {"input": [{"role": 1, "content": 2}], "tools": [{"type": "mcp"}], "top_p": 3, "truncation": "auto"}
                """#)
        let message = try #require(try reply.error("message"))
        for field in ["model", "input[0].role", "input[0].content", "tools[0].type", "top_p", "truncation"] {
            #expect(message.contains("\(field): "))
        }
    }

    @Test("needs an input")
    func missingInput() async throws {
        let reply = try await Surface().call(.post, "/v1/responses", body: #"{"model": "tiny"}"#)
        #expect(try reply.error("param") == "input")
        #expect(try reply.error("code") == "missing_required_parameter")
    }

    @Test("is not one that holds null wherever a field has a default, or fields that nobody knows")
    func nulls() async throws {
        let names = [
            "instructions", "temperature", "top_p", "max_output_tokens", "top_logprobs", "include", "stream",
            "stream_options", "store", "metadata", "user", "service_tier", "max_tool_calls", "truncation",
            "previous_response_id", "conversation", "prompt", "background", "reasoning", "text", "tools",
            "tool_choice", "parallel_tool_calls",
        ]
        let nulls = names.map { "\"\($0)\": null" }.joined(separator: ", ")
        let reply = try await Surface().respond("\(nulls), \"colour\": [1]")
        #expect(reply.status == 200)
        #expect(try reply.json()["tool_choice"] as? String == "auto")
    }
}
