import Inference

/// The messages of a request together: results find the calls that they belong to.
struct Conversation: Sendable {
    let messages: [ChatMessage]

    /// Gathers a fault for each result of a call that was not asked for.
    ///
    /// - Parameter path: where the messages stand.
    init(_ wire: [ChatCompletionRequestMessage], at path: [any CodingKey], _ faults: FaultCollector) {
        var names: [String: String] = [:]
        var lastCalls: [String: String] = [:]
        var messages: [ChatMessage] = []
        for (index, entry) in wire.enumerated() {
            var message = entry.message
            if let function = entry.functionCall {
                let call = ToolCall(id: "call_\(index)", name: function.name, arguments: function.arguments)
                message.toolCalls.append(call)
                lastCalls[call.name] = call.id
            }
            for call in message.toolCalls { names[call.id] = call.name }
            if entry.isFunctionResult {
                // The deprecated form promises no call before; templates that need an id find it where there is one.
                message.toolCallID = message.name.flatMap { lastCalls[$0] }
            } else if let id = message.toolCallID {
                if let name = names[id] {
                    message.name = name
                } else {
                    let key = ChatCompletionRequestMessage.CodingKeys.toolCallID
                    faults.add(
                        .invalidValue, at: path + [AnyKey(intValue: index), key],
                        "belongs to no call of an assistant's message before it")
                }
            }
            messages.append(message)
        }
        self.messages = messages
    }
}
