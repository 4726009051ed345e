import Hummingbird
import Inference
import ModelStore
import RunnerProtocol
import Runners

/// `POST /v1/completions`: texts continued as they stand, for editors and for programs that evaluate models.
struct CompletionsController: Sendable {
    /// One request never has more choices than this at work, so that it does not fill the model's queue.
    private static let choicesAtWork = 8
    /// Nor more prompts than this.
    private static let promptsAtWork = 4

    let models: any ModelDirectory
    let chat: any ChatService

    var endpoints: [Endpoint] {
        [Endpoint(.post, "completions") { request, context in try await create(request, context) }]
    }

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await request.decode(CreateCompletionRequest.self)
        let model = try Generations(models: models, chat: chat).model(wire.model, context)
        await chat.keep(model, for: wire.keepAlive)
        return wire.stream ? try await stream(wire, model, context) : try await answer(wire, model, context)
    }

    /// All choices as one body.
    private func answer(
        _ wire: CreateCompletionRequest, _ model: InstalledModel, _ context: APIContext
    ) async throws -> Response {
        let gathered = try await CompletionRequest.requests(wire).concurrentMap(atMost: Self.atWork(wire)) {
            prompt, request in
            try await generations(of: prompt, wire).gather(.completion(request), with: model, context)
        }
        var usage = TokenUsage(promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0)
        for prompt in gathered { usage.add(prompt.answers.usage) }
        context.record.note { [usage] in $0.usage = usage }
        let choices = gathered.flatMap { $0.answers.best(wire.n, echoesPrompt: wire.echo) }
        let identity = CompletionIdentity(model: model.id, fingerprint: gathered.first?.engine.fingerprint ?? "")
        return try Response(
            json: CreateCompletionResponse(identity, choices, includesLogprobs: wire.logprobs != nil, usage))
    }

    /// The choices as they grow, prompt after prompt.
    private func stream(
        _ wire: CreateCompletionRequest, _ model: InstalledModel, _ context: APIContext
    ) async throws -> Response {
        let requests = CompletionRequest.requests(wire)
        let traceparent = context.trace.traceparent
        let start: PromptEvents.Start = { prompt in
            try await generations(of: prompt, wire).chat.generate(
                .completion(requests[prompt]), with: model, traceparent: traceparent)
        }
        return try await Generations(models: models, chat: chat).stream(context) {
            var started: [StartedGeneration] = []
            for prompt in requests.indices.prefix(Self.atWork(wire)) { started.append(try await start(prompt)) }
            let events = PromptEvents(prompts: requests.count, choices: wire.n, started: started, start: start)
            // A request has at least one prompt.
            return StartedGeneration(engine: started[0].engine, events: GenerationEvents(events))
        } writer: { engine in
            CompletionChunks(
                CompletionIdentity(model: model.id, fingerprint: engine.fingerprint),
                includeLogprobs: wire.logprobs != nil, includeUsage: wire.streamOptions?.includeUsage == true)
        }
    }

    /// How many prompts are worked on at a time.
    private static func atWork(_ wire: CreateCompletionRequest) -> Int {
        min(promptsAtWork, max(1, choicesAtWork / wire.candidates))
    }

    /// Generations whose errors name the fields of a completion request.
    private func generations(of prompt: Int, _ wire: CreateCompletionRequest) -> Generations {
        let name = wire.prompt?.isList == true ? "prompt[\(prompt)]" : "prompt"
        let named = FieldNamingChat(base: chat) { field in
            switch field {
            case "max_completion_tokens": "max_tokens"
            case "top_logprobs": "logprobs"
            default: field == "prompt" || field.hasPrefix("messages") ? name : field
            }
        }
        return Generations(models: models, chat: named)
    }
}
