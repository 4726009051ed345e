import Inference
import Server
import Testing

@Suite("The tools of a chat request")
struct ChatToolTests {
    static let tools =
        #""tools": [{"type": "function", "function": {"name": "f", "description": "d", "strict": true, "#
        + #""parameters": {"z": 1, "a": 2}}}, {"type": "function", "function": {"name": "g-2_"}}]"#
    static let functions = #""functions": [{"name": "f", "parameters": {"z": 1}}, {"name": "g"}]"#

    private func request(_ fields: String) async throws -> ChatRequest {
        let chat = FakeChat([.end()])
        let reply = try await Surface(chat).complete(fields)
        #expect(reply.status == 200, "\(reply.body)")
        return try #require(chat.received.first)
    }

    @Test("keep the order of their schemas' keys")
    func translated() async throws {
        let request = try await request(Self.tools)
        #expect(
            request.tools == [
                Tool(name: "f", description: "d", parameters: #"{"z": 1, "a": 2}"#, isStrict: true), Tool(name: "g-2_"),
            ])
        #expect(request.toolChoice == .auto)
        #expect(request.allowsParallelToolCalls)
    }

    @Test(
        "are chosen among as the request says",
        arguments: [
            (#""none""#, ToolChoice.none), (#""auto""#, .auto), (#""required""#, .required), ("null", .auto),
            (#"{"type": "function", "function": {"name": "f"}}"#, .function("f")),
        ])
    func choice(_ text: String, _ choice: ToolChoice) async throws {
        #expect(try await request("\(Self.tools), \"tool_choice\": \(text)").toolChoice == choice)
    }

    @Test("may be allowed in part", arguments: [("auto", ToolChoice.auto), ("required", .required)])
    func allowed(_ mode: String, _ choice: ToolChoice) async throws {
        let allowed =
            #"{"mode": "\#(mode)", "tools": [{"type": "function", "function": {"name": "g-2_"}}]}"#
        let request = try await request(
            "\(Self.tools), \"tool_choice\": {\"type\": \"allowed_tools\", \"allowed_tools\": \(allowed)}")
        #expect(request.tools.map(\.name) == ["g-2_"])
        #expect(request.toolChoice == choice)
    }

    @Test("are called one at a time where parallel calls are off")
    func notParallel() async throws {
        #expect(try await !request("\(Self.tools), \"parallel_tool_calls\": false").allowsParallelToolCalls)
    }

    @Test("may come as functions, which are called one at a time")
    func deprecated() async throws {
        let request = try await request(Self.functions)
        #expect(request.tools == [Tool(name: "f", parameters: #"{"z": 1}"#), Tool(name: "g")])
        #expect(request.toolChoice == .auto)
        #expect(!request.allowsParallelToolCalls)
    }

    @Test(
        "as functions are chosen among as the request says",
        arguments: [
            (#""none""#, ToolChoice.none), (#""auto""#, .auto), (#"{"name": "g"}"#, .function("g")),
        ])
    func functionCall(_ text: String, _ choice: ToolChoice) async throws {
        #expect(try await request("\(Self.functions), \"function_call\": \(text)").toolChoice == choice)
    }

    @Test("may be 128")
    func many() async throws {
        let tools = (0..<128).map {
            #"{"type": "function", "function": {"name": "f\#($0)", "parameters": {"n": \#($0)}}}"#
        }
        let request = try await request("\"tools\": [\(tools.joined(separator: ","))]")
        #expect(request.tools.map(\.parameters) == (0..<128).map { "{\"n\": \($0)}" })
    }

    private static func named(_ number: Int) -> String {
        #"{"type": "function", "function": {"name": "f\#(number)"}}"#
    }

    private static func choice(_ choice: String) -> String { "\(tools), \"tool_choice\": \(choice)" }

    private static func allowing(_ allowed: String) -> String {
        choice(#"{"type": "allowed_tools", "allowed_tools": \#(allowed)}"#)
    }

    private static func tool(_ function: String) -> String {
        "\"tools\": [{\"type\": \"function\", \"function\": \(function)}]"
    }

    static let wrong: [WrongBody] = [
        WrongBody(#""tools": [1]"#, "tools[0]", "invalid_type"),
        WrongBody(#""tools": [{}]"#, "tools[0].type", "missing_required_parameter"),
        WrongBody(#""tools": [{"type": "robot"}]"#, "tools[0].type", "invalid_value"),
        WrongBody(#""tools": [{"type": "custom", "custom": {"name": "a"}}]"#, "tools[0].type", "unsupported_value"),
        WrongBody(#""tools": [{"type": "function"}]"#, "tools[0].function", "missing_required_parameter"),
        WrongBody(tool("{}"), "tools[0].function.name", "missing_required_parameter"),
        WrongBody(tool(#"{"name": ""}"#), "tools[0].function.name", "invalid_value"),
        WrongBody(tool(#"{"name": "a b"}"#), "tools[0].function.name", "invalid_value"),
        WrongBody(tool(#"{"name": "é"}"#), "tools[0].function.name", "invalid_value"),
        WrongBody(
            tool(#"{"name": "\#(String(repeating: "a", count: 65))"}"#), "tools[0].function.name", "invalid_value"),
        WrongBody(tool(#"{"name": "a", "description": 1}"#), "tools[0].function.description", "invalid_type"),
        WrongBody(tool(#"{"name": "a", "strict": 1}"#), "tools[0].function.strict", "invalid_type"),
        WrongBody(tool(#"{"name": "a", "parameters": []}"#), "tools[0].function.parameters", "invalid_type"),
        WrongBody(tool(#"{"name": "a", "parameters": true}"#), "tools[0].function.parameters", "invalid_type"),
        WrongBody(
            tool(#"{"name": "a"}}, {"type": "function", "function": {"name": "a"}"#),
            "tools[1].function.name", "invalid_value"),
        WrongBody(
            "\"tools\": [\((0..<129).map(named).joined(separator: ","))]",
            "tools", "out_of_range"),
        WrongBody(#""functions": [{"name": "a"}, {"name": "a"}]"#, "functions[1].name", "invalid_value"),
        WrongBody(#""functions": [{"name": "a", "parameters": 1}]"#, "functions[0].parameters", "invalid_type"),
        WrongBody("\(functions), \(tools)", "functions", "invalid_value"),
        WrongBody("\(functions), \"tool_choice\": \"auto\"", "tool_choice", "invalid_value"),
        WrongBody("\(functions), \"function_call\": \"required\"", "function_call", "invalid_value"),
        WrongBody("\(functions), \"function_call\": {}", "function_call.name", "missing_required_parameter"),
        WrongBody("\(functions), \"function_call\": {\"name\": \"h\"}", "function_call", "invalid_value"),
        WrongBody("\(tools), \"function_call\": \"auto\"", "function_call", "invalid_value"),
        WrongBody(#""function_call": "auto""#, "function_call", "invalid_value"),
        WrongBody(#""tool_choice": "required""#, "tool_choice", "invalid_value"),
        WrongBody(#""tool_choice": {"type": "function", "function": {"name": "f"}}"#, "tool_choice", "invalid_value"),
        WrongBody(
            "\(tools), \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"h\"}}", "tool_choice",
            "invalid_value"),
        WrongBody("\(tools), \"tool_choice\": {}", "tool_choice.type", "missing_required_parameter"),
        WrongBody(
            "\(tools), \"tool_choice\": {\"type\": \"custom\", \"custom\": {\"name\": \"f\"}}", "tool_choice.type",
            "unsupported_value"),
        WrongBody(
            choice(#"{"type": "function"}"#), "tool_choice.function", "missing_required_parameter"),
        WrongBody(
            "\(tools), \"tool_choice\": {\"type\": \"allowed_tools\"}", "tool_choice.allowed_tools",
            "missing_required_parameter"),
        WrongBody(
            allowing(#"{"mode": "none", "tools": [{"type": "function", "function": {"name": "f"}}]}"#),
            "tool_choice.allowed_tools.mode", "invalid_value"),
        WrongBody(
            #"\#(tools), "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}"#,
            "tool_choice.allowed_tools.tools", "out_of_range"),
        WrongBody(
            allowing(#"{"mode": "auto", "tools": [{"type": "function", "function": {"name": "h"}}]}"#),
            "tool_choice", "invalid_value"),
        WrongBody(#"\#(tools), "grammar": "root ::= \"a\"""#, "grammar", "invalid_value"),
    ]

    @Test("are refused where they are wrong, and the place is named", arguments: wrong)
    func refused(_ wrong: WrongBody) async throws {
        for base in ["/v1", "/v1/openai"] {
            try wrong.expect(try await Surface().complete(wrong.fields, base: base))
        }
    }

    @Test(
        "that the engine refuses are named as the request has them",
        arguments: [
            (tools, "tools[1].function.parameters", "tools[1].function.parameters"),
            (tools, "tool_choice", "tool_choice"), (functions, "tool_choice", "function_call"),
            (functions, "tools", "functions"), (functions, "tools[1].function.name", "functions[1].name"),
            (
                allowing(#"{"mode": "auto", "tools": [{"type": "function", "function": {"name": "g-2_"}}]}"#),
                "tools[0].function.parameters", "tools[1].function.parameters"
            ),
            (#""grammar": "root ::= \"a\"""#, "response_format", "grammar"),
        ])
    func engineFaults(_ fields: String, _ named: String, _ expected: String) async throws {
        let chat = FakeChat(refusing: InferenceError(.invalidRequest, "No.", parameter: named))
        let reply = try await Surface(chat).complete(fields)
        #expect(reply.status == 400)
        #expect(try reply.error("param") == expected)
    }
}
