import HTTPTypes

extension Surface {
    static let userMessage = #"{"role": "user", "content": "Hi"}"#

    /// Asks for a chat completion; the fields come beside a model and the messages.
    func llamaStack(
        _ fields: String = "", messages: String = Surface.userMessage, path: String = "inference/chat-completion"
    ) async throws -> Reply {
        let more = fields.isEmpty ? "" : ", " + fields
        return try await call(
            .post, "/v1/llamastack/" + path, body: #"{"model_id": "tiny", "messages": [\#(messages)]\#(more)}"#)
    }
}

extension Surface.Reply {
    /// The data of a stream's events.
    var events: [String] { body.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) } }
}
