import Hummingbird
import Inference
import ModelStore
import NIOCore
import Runners

/// The way from a request that has been checked to its reply, the same for every endpoint that generates text.
struct Generations: Sendable {
    let models: any ModelDirectory
    let chat: any ChatService

    /// The model that a request names, which has to be one that generates text.
    ///
    /// - Throws: ``InferenceError`` where it is not installed, or is for something else.
    func model(_ name: String, _ context: APIContext) throws -> InstalledModel {
        try models.find(name, for: .chat, context)
    }

    /// All answers, whole. The client's departure ends the work.
    func gather(
        _ request: GenerationRequest, with model: InstalledModel, _ context: APIContext
    ) async throws -> (answers: GatheredAnswers, engine: EngineDescription) {
        let departure = await context.channel.clientDeparture()
        let (answers, engine) = try await departure.cancelling { [chat] in
            let running = try await chat.generate(request, with: model, traceparent: context.trace.traceparent)
            let answers = try await GatheredAnswers(running.events, count: request.parameters.choices)
            return (answers, running.engine)
        }
        context.record.note { $0.usage = answers.usage }
        return (answers, engine)
    }

    /// The answers as they grow, as server-sent events. The head of the reply is sent once the request has its place,
    /// so that errors before that are plain HTTP. The client's departure ends the work.
    ///
    /// - Parameter writer: what makes bytes of the events, by the engine that answers.
    func stream<Writer: EventWriter>(
        _ request: GenerationRequest, with model: InstalledModel, _ context: APIContext,
        writer: (EngineDescription) -> Writer
    ) async throws -> Response {
        try await stream(context) { [chat] in
            try await chat.generate(request, with: model, traceparent: context.trace.traceparent)
        } writer: {
            writer($0)
        }
    }

    /// The events of whatever is started, as server-sent events.
    func stream<Writer: EventWriter>(
        _ context: APIContext, start: @escaping @Sendable () async throws -> StartedGeneration,
        writer: (EngineDescription) -> Writer
    ) async throws -> Response {
        let departure = await context.channel.clientDeparture()
        let running = try await departure.cancelling(start)
        let relay = EventRelay(writer: writer(running.engine), context: context)
        let body = ResponseBody { writer in
            // The child task is the only one to touch the writer until it has ended: this one waits for it.
            nonisolated(unsafe) var shared = writer
            try await departure.cancelling {
                var relay = relay
                try await relay.relay(running.events) { try await shared.write($0) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"],
            body: body)
    }
}
