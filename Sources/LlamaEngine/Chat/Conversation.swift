import Inference

/// A chat request's messages and tools in the shape that templates read, which is OpenAI's.
struct Conversation {
    private let messages: [JSONValue]
    private let tools: [JSONValue]
    private let effort: ReasoningEffort?
    /// How tools are shown and called.
    let style: ToolStyle

    init(_ request: ChatRequest, _ style: ToolStyle) {
        self.style = style
        effort = request.reasoningEffort
        let usesTools =
            !request.tools.isEmpty || request.messages.contains { !$0.toolCalls.isEmpty || $0.role == .tool }
        let messages =
            style == .native || !usesTools
            ? request.messages : ToolInstructions(style).rewriting(request.messages, request)
        self.messages = messages.map { Self.json($0, in: messages) }
        tools = style == .native ? request.tools.map { $0.json(parameters: $0.parametersAsGiven) } : []
    }

    /// A rendering that shows the tools and lets none be called.
    func request(thinking: Bool = true) -> JSONObject {
        var request = base(thinking: thinking)
        if !tools.isEmpty { request["tools"] = .array(tools) }
        request["tool_choice"] = .string("none")
        return request
    }

    /// A rendering whose grammar and parser are wanted, not its prompt.
    func request(calling tools: [JSONValue], isRequired: Bool, isParallel: Bool) -> JSONObject {
        var request = base(thinking: true)
        request["tools"] = .array(tools)
        request["tool_choice"] = .string(isRequired ? "required" : "auto")
        request["parallel_tool_calls"] = .bool(isParallel)
        return request
    }

    /// A rendering whose answer is JSON of a schema.
    func request(schema: JSONValue) -> JSONObject {
        var request = request()
        request["json_schema"] = .string(schema.text)
        return request
    }

    private func base(thinking: Bool) -> JSONObject {
        var request = JSONObject(["messages": .array(messages)])
        request["enable_thinking"] = .bool(thinking && effort != ReasoningEffort.none)
        if let effort, effort != .none { request["reasoning_effort"] = .string(effort.level) }
        return request
    }

    private static func json(_ message: ChatMessage, in messages: [ChatMessage]) -> JSONValue {
        var json = JSONObject(["role": .string(message.role.rawValue)])
        json["content"] = .string(message.namedContent)
        if let reasoning = message.reasoning { json["reasoning_content"] = .string(reasoning) }
        if !message.toolCalls.isEmpty { json["tool_calls"] = .array(message.toolCalls.map(\.json)) }
        if message.role == .tool {
            let call = messages.lazy.flatMap(\.toolCalls).first { $0.id == message.toolCallID }
            if let name = message.name ?? call?.name { json["name"] = .string(name) }
        }
        if let id = message.toolCallID { json["tool_call_id"] = .string(id) }
        return .object(json)
    }
}

extension ReasoningEffort {
    /// Templates that have levels have these three.
    fileprivate var level: String {
        switch self {
        case .none, .minimal, .low: "low"
        case .medium: "medium"
        case .high, .xhigh: "high"
        }
    }
}

extension ChatMessage {
    /// Templates show no names of participants, so the name stands before the text; a tool's name they do show.
    fileprivate var namedContent: String {
        guard let name, role != .tool, !content.isEmpty else { return content }
        return "\(name): \(content)"
    }
}

extension ToolCall {
    fileprivate var json: JSONValue {
        .object([
            "id": .string(id), "type": .string("function"),
            "function": .object(["name": .string(name), "arguments": .string(arguments.isEmpty ? "{}" : arguments)]),
        ])
    }
}

extension JSONValue {
    static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue { .object(JSONObject(members)) }
}

extension Tool {
    func json(parameters: JSONValue) -> JSONValue {
        var function = JSONObject(["name": .string(name)])
        if let description { function["description"] = .string(description) }
        function["parameters"] = parameters
        return .object(["type": .string("function"), "function": .object(function)])
    }

    /// The schema as the model is shown it; no schema is a function without arguments.
    var parametersAsGiven: JSONValue {
        (try? parameters.map { json throws(JSONReader.Failure) in try JSONReader.read(json) })
            ?? .object(["type": .string("object"), "properties": .object([:])])
    }
}
