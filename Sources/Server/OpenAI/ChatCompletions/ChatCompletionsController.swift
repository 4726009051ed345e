import HTTPTypes
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
        try request.requireJSON()
        let body = try await request.body.collect(upTo: .max)
        let wire = try await JSONBody.decode(CreateChatCompletionRequest.self, from: body)
        let model = try models.find(wire.model)
        context.record.note { $0.model = model.id }
        guard model.capability == .chat else {
            throw InferenceError(
                .invalidRequest,
                "The model `\(model.id)` is for \(model.capability.rawValue), not for chat. Name a chat model.",
                parameter: "model")
        }
        let departure = await context.channel.clientDeparture()
        return wire.stream == true
            ? try await stream(wire, model, departure, context)
            : try await answer(wire, model, departure, context)
    }

    /// The whole answer as one body.
    private func answer(
        _ wire: CreateChatCompletionRequest, _ model: InstalledModel, _ departure: ClientDeparture,
        _ context: APIContext
    ) async throws -> Response {
        let (answer, fingerprint) = try await departure.cancelling { [chat] in
            let running = try await chat.chat(
                ChatRequest(wire), with: model, traceparent: context.trace.traceparent)
            return (try await GatheredAnswer(running.events), running.engine.fingerprint)
        }
        context.record.note { $0.usage = answer.completion.usage }
        let identity = ChatCompletionIdentity(model: model.id, fingerprint: fingerprint, wire: wire)
        return try Response(json: CreateChatCompletionResponse(identity, answer))
    }

    /// The answer as it grows. The head of the reply is sent once the answer has its place, so that errors before that
    /// are plain HTTP.
    private func stream(
        _ wire: CreateChatCompletionRequest, _ model: InstalledModel, _ departure: ClientDeparture,
        _ context: APIContext
    ) async throws -> Response {
        let running = try await departure.cancelling { [chat] in
            try await chat.chat(ChatRequest(wire), with: model, traceparent: context.trace.traceparent)
        }
        let identity = ChatCompletionIdentity(model: model.id, fingerprint: running.engine.fingerprint, wire: wire)
        let chunks = ChatCompletionChunks(identity, includeUsage: wire.streamOptions?.includeUsage == true)
        let body = ResponseBody { writer in
            // The child task is the only one to touch the writer until it has ended: this one waits for it.
            nonisolated(unsafe) var shared = writer
            try await departure.cancelling {
                let stream = ChatCompletionStream(chunks: chunks, context: context)
                try await stream.relay(running.events) { try await shared.write($0) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"], body: body)
    }
}

extension Request {
    /// - Throws: ``APIError`` where the body is said to be something else than JSON. Saying nothing is fine.
    func requireJSON() throws {
        guard let type = headers[.contentType] else { return }
        let essence = type.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard essence.trimmingSpaces().lowercased() == "application/json" else { throw APIError.wrongContentType }
    }
}

extension Substring {
    /// Without the spaces and tabs at both ends.
    fileprivate func trimmingSpaces() -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
