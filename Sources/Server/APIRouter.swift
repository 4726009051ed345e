import Hummingbird

/// The whole HTTP surface as a router: each request walks the middleware from the top, then its endpoint.
package func makeRouter(
    settings: Settings, models: any ModelDirectory, chat: any ChatService
) -> Router<APIContext> {
    let surface = endpoints(models: models, chat: chat)
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    let allowed = AllowedAuthorities(
        host: settings.host, hosts: settings.allowedHosts, origins: settings.allowedOrigins)
    router.add(middleware: TraceMiddleware())
    router.add(middleware: RequestLogMiddleware())
    router.add(middleware: HostMiddleware(allowed: allowed))
    router.add(middleware: OriginMiddleware(allowed: allowed))
    router.add(middleware: ErrorMiddleware(paths: ServedPaths(surface)))
    router.add(middleware: BodyMiddleware(limit: settings.bodyLimit, timeout: settings.readTimeout))
    for endpoint in surface {
        router.on(RouterPath(endpoint.path), method: endpoint.method, use: endpoint.handler)
    }
    return router
}

/// All that is served, by its whole path.
private func endpoints(models: any ModelDirectory, chat: any ChatService) -> [Endpoint] {
    let status = StatusController(chat: chat)
    var surface = [status.health] + [status.statistics].under("v1")
    for base in ["", "v1"] { surface += DescriptionController().endpoints.under(base) }
    let openAI =
        ModelsController(models: models).endpoints + ChatCompletionsController(models: models, chat: chat).endpoints
    for base in ["v1/openai", "v1"] { surface += openAI.under(base) }
    // OpenAI's own API has more than the promised one.
    surface += CompletionsController(models: models, chat: chat).endpoints.under("v1")
    surface += ResponsesController(models: models, chat: chat).endpoints.under("v1")
    for base in LlamaStack.bases { surface += LlamaStack.endpoints(models: models, chat: chat).under(base) }
    return surface
}
