import Hummingbird
import Inference
import ModelStore
import NIOCore
import Runners

/// `POST …/chat/completions`.
struct ChatCompletionsController: Sendable {
    let models: any ModelDirectory
    let chat: any ChatService

    var endpoints: [Endpoint] {
        [Endpoint(.post, "chat/completions") { request, context in try await create(request, context) }]
    }

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await request.decode(CreateChatCompletionRequest.self)
        let generations = Generations(
            models: models, chat: wire.namesFieldsItself ? FieldNamingChat(base: chat) { wire.field($0) } : chat)
        let model = try generations.model(wire.model, context)
        try wire.request.checkAttachments(for: model)
        await chat.keep(model, for: wire.keepAlive)
        guard wire.stream else {
            let (answers, engine) = try await generations.gather(.chat(wire.request), with: model, context)
            let identity = ChatCompletionIdentity(model: model.id, fingerprint: engine.fingerprint, wire: wire)
            return try Response(json: CreateChatCompletionResponse(identity, answers, callForm: wire.callForm))
        }
        return try await generations.stream(.chat(wire.request), with: model, context) { engine in
            ChatCompletionChunks(
                ChatCompletionIdentity(model: model.id, fingerprint: engine.fingerprint, wire: wire),
                choices: wire.request.parameters.choices, includesUsage: wire.includesUsage, callForm: wire.callForm)
        }
    }
}
