import HTTPTypes
import Hummingbird
import Inference
import ModelStore
import NIOCore

extension LlamaStack {
    /// `POST …/inference/chat-completion`, and the spelling of older clients.
    struct ChatCompletionController: Sendable {
        let models: any ModelDirectory
        let chat: any ChatService

        var endpoints: [Endpoint] {
            ["inference/chat-completion", "inference/chat_completion"].map { path in
                LlamaStack.post(path) { request, context in try await create(request, context) }
            }
        }

        private func create(_ request: Request, _ context: APIContext) async throws -> Response {
            let wire = try await request.decode(ChatCompletionRequest.self)
            let generations = Generations(models: models, chat: chat)
            let model = try generations.model(wire.modelID, context)
            await chat.keep(model, for: wire.keepAlive)
            let request = GenerationRequest.chat(ChatRequest(wire))
            if wire.streams {
                return try await generations.stream(request, with: model, context) { _ in ChatCompletionEvents() }
            }
            let answers = try await generations.gather(request, with: model, context).answers
            guard let answer = answers.answers.first else { throw InferenceError.endedEarly }
            let response = ChatCompletionResponse(answer: answer, includesLogprobs: wire.topLogprobs != nil)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: response.body))
        }
    }
}
