import Hummingbird

/// The whole HTTP surface as a router: each request walks the middleware from the top, then its endpoint.
package func makeRouter(
    settings: Settings, models: any ModelDirectory, chat: any ChatService
) -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    let allowed = AllowedAuthorities(
        host: settings.host, hosts: settings.allowedHosts, origins: settings.allowedOrigins)
    router.add(middleware: TraceMiddleware())
    router.add(middleware: RequestLogMiddleware())
    router.add(middleware: HostMiddleware(allowed: allowed))
    router.add(middleware: OriginMiddleware(allowed: allowed))
    router.add(middleware: ErrorMiddleware())
    router.add(middleware: BodyMiddleware(limit: settings.bodyLimit, timeout: settings.readTimeout))

    let status = StatusController(chat: chat)
    router.add([status.health], under: "")
    router.add([status.statistics], under: "v1")

    let openAI =
        ModelsController(models: models).endpoints + ChatCompletionsController(models: models, chat: chat).endpoints
    for base in ["v1/openai", "v1"] {
        router.add(openAI, under: base)
    }
    return router
}
