import Inference

/// Tools in words, for templates that do not show them: in the system's message what there is to call, and as text of
/// the conversation what was called and came of it.
struct ToolInstructions {
    private let style: ToolStyle

    init(_ style: ToolStyle) { self.style = style }

    func rewriting(_ messages: [ChatMessage], _ request: ChatRequest) -> [ChatMessage] {
        var rewritten = style == .instructed ? asText(messages) : messages
        guard !request.tools.isEmpty else { return rewritten }
        let instructions = instructions(request)
        if let first = rewritten.first, [.system, .developer].contains(first.role) {
            rewritten[0].content = first.content.isEmpty ? instructions : "\(first.content)\n\n\(instructions)"
        } else {
            rewritten.insert(ChatMessage(role: .system, content: instructions), at: 0)
        }
        return rewritten
    }

    private func instructions(_ request: ChatRequest) -> String {
        let tools = request.tools.map { $0.json(parameters: $0.parametersAsGiven).text }.joined(separator: "\n")
        let shown = "You can call these functions, given as JSON with the schema of their arguments:\n\(tools)"
        guard style == .instructed, request.toolChoice != .none else { return shown }
        return """
            \(shown)

            To call one, answer with its name and arguments in this form, and wait for what it returns:
            <tool_call>
            {"name": "name of the function", "arguments": {"name of an argument": "its value"}}
            </tool_call>
            """
    }

    /// Results of calls are the user's, and what one user says after another is one message: many templates insist
    /// that user and assistant take turns.
    private func asText(_ messages: [ChatMessage]) -> [ChatMessage] {
        var rewritten: [ChatMessage] = []
        var followsResult = false
        for var message in messages {
            let isResult = message.role == .tool
            switch message.role {
            case .assistant where !message.toolCalls.isEmpty:
                let calls = message.toolCalls.map(Self.text)
                message.content = ([message.content] + calls).filter { !$0.isEmpty }.joined(separator: "\n")
                message.toolCalls = []
            case .tool:
                let result = "<tool_response>\n\(message.content)\n</tool_response>"
                message = ChatMessage(role: .user, content: result)
            default: break
            }
            if followsResult, message.role == .user, let last = rewritten.indices.last {
                rewritten[last].content += "\n\(message.content)"
            } else {
                rewritten.append(message)
            }
            followsResult = message.role == .user && (isResult || followsResult)
        }
        return rewritten
    }

    private static func text(_ call: ToolCall) -> String {
        let name = JSONValue.string(call.name).text
        let arguments = call.arguments.isEmpty ? "{}" : call.arguments
        return "<tool_call>\n{\"name\": \(name), \"arguments\": \(arguments)}\n</tool_call>"
    }
}
