import Foundation
import Inference
import Server
import Testing

@Suite("A LlamaStack tool")
struct LlamaStackToolTests {
    private func received(_ tools: String, choice: String = "auto") async throws -> ChatRequest {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).llamaStack(
            #""tools": [\#(tools)], "tool_choice": "\#(choice)", "tool_prompt_format": "json""#)
        #expect(reply.status == 200, "\(reply.body)")
        return try #require(chat.received.first)
    }

    @Test("becomes a function with a schema, its parameters in their order")
    func definition() async throws {
        let request = try await received(
            #"""
            {"tool_name": "weather", "description": "Tells the weather.", "parameters": {
                "town": {"param_type": "string", "description": "A \"town\""},
                "days": {"param_type": "int", "required": false, "default": 3},
                "all": {"param_type": "bool", "required": true}}}
            """#, choice: "required")
        #expect(request.toolChoice == .required)
        #expect(
            request.tools == [
                Tool(
                    name: "weather", description: "Tells the weather.",
                    parameters: #"{"type":"object","properties":{"#
                        + #""town":{"type":"string","description":"A \"town\""},"#
                        + #""days":{"type":"integer","default":3},"all":{"type":"boolean"}},"#
                        + #""required":["town","all"]}"#)
            ])
    }

    @Test("may have no parameters")
    func noParameters() async throws {
        #expect(try await received(#"{"tool_name": "now"}"#).tools == [Tool(name: "now")])
    }

    @Test(
        "has parameters of types by many names",
        arguments: [
            ("str", #""type":"string""#), ("String", #""type":"string""#), ("float", #""type":"number""#),
            ("integer", #""type":"integer""#), ("list", #""type":"array""#), ("dict", #""type":"object""#),
            ("List[int]", #""type":"array","items":{"type":"integer"}"#),
            (
                "Dict[str, list[float]]",
                #""type":"object","additionalProperties":{"type":"array","items":{"type":"number"}}"#
            ),
            ("Optional[bool]", #""type":"boolean""#),
        ])
    func types(type: String, expected: String) async throws {
        let request = try await received(
            #"{"tool_name": "f", "parameters": {"x": {"param_type": "\#(type)"}}}"#)
        #expect(
            request.tools.first?.parameters
                == #"{"type":"object","properties":{"x":{\#(expected)}},"required":["x"]}"#)
    }

    @Test(
        "that is built in needs no definition",
        arguments: [
            ("brave_search", "query"), ("wolfram_alpha", "query"), ("photogen", "query"), ("code_interpreter", "code"),
        ])
    func builtin(name: String, parameter: String) async throws {
        let tool = try #require(try await received(#"{"tool_name": "\#(name)"}"#).tools.first)
        #expect(tool.name == name)
        #expect(tool.description != nil)
        #expect(
            tool.parameters
                == #"{"type":"object","properties":{"\#(parameter)":{"type":"string"}},"required":["\#(parameter)"]}"#)
    }

    @Test(
        "is refused, by name, where it cannot be understood",
        arguments: [
            (
                #"[{"tool_name": "f", "parameters": {"x": {"param_type": "colour"}}}]"#,
                "tools[0].parameters.x.param_type"
            ),
            (
                #"[{"tool_name": "f", "parameters": {"x": {"param_type": "dict[int, str]"}}}]"#,
                "tools[0].parameters.x.param_type"
            ),
            (#"[{"tool_name": "f", "parameters": {"x": {}}}]"#, "tools[0].parameters.x.param_type"),
            (#"[{"tool_name": "f", "parameters": {"x": null}}]"#, "tools[0].parameters.x"),
            (#"[{"tool_name": "f", "parameters": []}]"#, "tools[0].parameters"),
            (#"[{"tool_name": "f"}, {"tool_name": "f"}]"#, "tools[1].tool_name"),
            (#"[{"tool_name": "no spaces"}]"#, "tools[0].tool_name"),
            (#"[{"tool_name": "f", "strict": true}]"#, "tools[0].strict"),
        ])
    func refused(tools: String, param: String) async throws {
        let reply = try await Surface().llamaStack("\"tools\": \(tools)")
        #expect(reply.status == 400)
        #expect(try reply.error("param") == param)
    }

    @Test("that is called answers with whole calls")
    func calls() async throws {
        let chat = FakeChat([
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, id: "c0", name: "f", arguments: #"{"b":1,"#)))],
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, arguments: #""a":[2]}"#)))],
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 1, id: "c1", name: "g", arguments: "{}")))],
            .end(.toolCalls),
        ])
        let reply = try await Surface(chat).llamaStack()
        #expect(
            reply.body == #"{"completion_message":{"role":"assistant","content":"","stop_reason":"end_of_message","#
                + #""tool_calls":[{"call_id":"c0","tool_name":"f","arguments":{"b":1,"a":[2]}},"#
                + #"{"call_id":"c1","tool_name":"g","arguments":{}}]}}"#)
    }

    @Test("whose call was cut off is not called")
    func cutOff() async throws {
        let chat = FakeChat([
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, id: "c0", name: "f", arguments: #"{"b":"#)))],
            .end(.length),
        ])
        let reply = try await Surface(chat).llamaStack()
        #expect(reply.body.hasSuffix(#""stop_reason":"out_of_tokens","tool_calls":[]}}"#))
    }

    @Test("is told of as its call grows")
    func streamed() async throws {
        let chat = FakeChat([
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, id: "c0", name: "f")))],
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, arguments: #"{"a":"#)))],
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 0, arguments: #"1}"#)))],
            [.delta(AnswerDelta(toolCall: ToolCallDelta(index: 1, id: "c1", name: "g", arguments: #"{"x"#)))],
            .end(.toolCalls),
        ])
        let progress = { (delta: String) in #"{"event":{"event_type":"progress","delta":\#(delta)}}"# }
        #expect(
            try await Surface(chat).llamaStack(#""stream": true"#).events == [
                #"{"event":{"event_type":"start","delta":""}}"#,
                progress(#"{"content":"","parse_status":"started"}"#),
                progress(#"{"content":"{\"a\":","parse_status":"in_progress"}"#),
                progress(#"{"content":"1}","parse_status":"in_progress"}"#),
                progress(
                    #"{"content":{"call_id":"c0","tool_name":"f","arguments":{"a":1}},"parse_status":"success"}"#),
                progress(#"{"content":"","parse_status":"started"}"#),
                progress(#"{"content":"{\"x","parse_status":"in_progress"}"#),
                progress(#"{"content":"{\"x","parse_status":"failure"}"#),
                #"{"event":{"event_type":"complete","delta":"","stop_reason":"end_of_message"}}"#,
            ])
    }
}
