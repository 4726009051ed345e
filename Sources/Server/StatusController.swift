import Hummingbird
import Runners

/// `GET /health` and `GET /v1/stats`: how the server itself is doing.
struct StatusController: Sendable {
    let service: any ChatService & LoadingService

    /// Answers at once, whatever models are doing.
    var health: Endpoint {
        Endpoint(.get, "health") { _, _ in try Response(json: Health(status: "ok", version: Dpais.version)) }
    }

    /// What each running process is doing.
    var statistics: Endpoint {
        Endpoint(.get, "stats") { _, _ in
            try Response(json: Statistics(runners: await service.statistics(), loaded: await service.loaded()))
        }
    }

    private struct Health: Encodable {
        let status: String
        let version: String
    }

    private struct Statistics: Encodable {
        let runners: [RunnerStatus]
        let loaded: [LoadedModel]
    }
}
