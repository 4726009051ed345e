import Hummingbird

/// The whole HTTP surface as a router: each request walks the middleware from the top, then its endpoint.
///
/// - Parameter uploads: where large files that come with requests are kept while they are needed.
package func makeRouter(
    settings: Settings, models: any ModelDirectory, service: any ModelService, uploads: UploadFolder
) -> Router<APIContext> {
    let intake = BodyIntake(
        limit: settings.bodyLimit, timeout: settings.readTimeout, limitSetting: "server.body-limit",
        timeoutSetting: "server.read-timeout")
    let surface = endpoints(
        settings: settings, models: models, service: service, intake: intake, uploads: uploads,
        sounds: SoundIntake(limit: settings.soundLimit, timeout: settings.uploadTimeout, folder: uploads))
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    let allowed = AllowedAuthorities(
        host: settings.host, hosts: settings.allowedHosts, origins: settings.allowedOrigins)
    router.add(middleware: TraceMiddleware())
    router.add(middleware: RequestLogMiddleware())
    router.add(middleware: HostMiddleware(allowed: allowed))
    router.add(middleware: OriginMiddleware(allowed: allowed))
    router.add(middleware: ErrorMiddleware(paths: ServedPaths(surface)))
    router.add(
        middleware: BodyMiddleware(intake: intake, streamed: ServedPaths(surface.filter(\.streamsBody))))
    for endpoint in surface {
        router.on(RouterPath(endpoint.path), method: endpoint.method, use: endpoint.handler)
    }
    return router
}

/// All that is served, by its whole path.
private func endpoints(
    settings: Settings, models: any ModelDirectory, service: any ModelService, intake: BodyIntake,
    uploads: UploadFolder, sounds: SoundIntake
) -> [Endpoint] {
    let status = StatusController(service: service)
    var surface = [status.health] + [status.statistics].under("v1")
    for base in ["", "v1"] { surface += DescriptionController().endpoints.under(base) }
    let openAI =
        ModelsController(models: models).endpoints
        + ChatCompletionsController(models: models, chat: service).endpoints
        + EmbeddingsController(models: models, service: service).endpoints
        + ImageVariationsController(models: models, service: service, intake: intake).endpoints
        + AudioController(models: models, service: service, intake: sounds).endpoints
    for base in ["v1/openai", "v1"] {
        // Before what is at `models/` and goes on.
        surface += LoadedModelsController(models: models, service: service).endpoints.under(base)
        surface += openAI.under(base)
    }
    // OpenAI's own API has more than the promised one.
    surface += CompletionsController(models: models, chat: service).endpoints.under("v1")
    surface += ResponsesController(models: models, chat: service).endpoints.under("v1")
    surface += PerformanceController(models: models, service: service, uploads: uploads, settings: settings)
        .endpoints.under("v1")
    for base in LlamaStack.bases { surface += LlamaStack.endpoints(models: models, service: service).under(base) }
    return surface
}
