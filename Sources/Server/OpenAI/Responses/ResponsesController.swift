import HTTPTypes
import Hummingbird
import Inference
import ModelStore
import NIOCore

/// `POST /v1/responses`: OpenAI's newer API for text and function tools. Nothing is stored: each request holds its
/// conversation whole.
struct ResponsesController: Sendable {
    let models: any ModelDirectory
    let chat: any ChatService

    var endpoints: [Endpoint] {
        [Endpoint(.post, "responses") { request, context in try await create(request, context) }]
    }

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await request.decode(CreateResponseRequest.self)
        let named = FieldNamingChat(base: chat) { wire.field($0) }
        let generations = Generations(models: models, chat: named)
        let model = try generations.model(wire.model, context)
        await chat.keep(model, for: wire.keepAlive)
        let request = GenerationRequest.chat(ChatRequest(wire))
        guard !wire.stream else {
            return try await generations.stream(request, with: model, context) { _ in
                ResponseEvents(ResponseIdentity(model: model.id, echo: wire.echo))
            }
        }
        let gathered = try await generations.gather(request, with: model, context).answers
        guard let answer = gathered.answers.first else { throw InferenceError.endedEarly }
        let response = ResponseObject(
            identity: ResponseIdentity(model: model.id, echo: wire.echo),
            state: .ended(answer.reason, gathered.usage), output: ResponseOutput(answer).items)
        var reply = ByteBuffer()
        reply.writeObject { response.writeMembers(into: &$0) }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: reply))
    }
}

extension CreateResponseRequest {
    /// This request's name of a chat completion's field, given as a path.
    fileprivate func field(_ chatField: String) -> String {
        let renamed = [
            ("response_format.json_schema.schema", "text.format.schema"), ("response_format", "text.format"),
            ("max_completion_tokens", "max_output_tokens"), ("reasoning_effort", "reasoning.effort"),
            ("messages", "input"),
        ]
        for (theirs, ours) in renamed where chatField.hasPrefix(theirs) {
            // Items and messages are not numbered alike.
            return theirs == "messages" ? ours : ours + chatField.dropFirst(theirs.count)
        }
        return chatField.hasPrefix("tools[") ? chatField.replacing("].function", with: "]") : chatField
    }
}
