import Hummingbird
import Inference
import ModelStore
import NIOCore
import Performance

/// `POST /v1/performance`: measures a model. One at a time; other requests go on, and share the machine with it.
struct PerformanceController: Sendable {
    /// Measurements that may wait for the one that runs.
    private static let waiting = 8

    private let models: any ModelDirectory
    private let measurement: PerformanceMeasurement
    private let line = MeasurementLine(limit: waiting)

    init(models: any ModelDirectory, service: any ModelService, uploads: UploadFolder, settings: Settings) {
        self.models = models
        measurement = PerformanceMeasurement(service: service, uploads: uploads) { model in
            let names = [model.id] + model.aliases
            return names.lazy.compactMap { settings.keepAliveOf[$0] }.first ?? settings.keepAlive
        }
    }

    var endpoints: [Endpoint] {
        [Endpoint(.post, "performance") { request, context in try await measure(request, context) }]
    }

    /// The client's departure ends the measurement, or the wait for it.
    private func measure(_ request: Request, _ context: APIContext) async throws -> Response {
        let wire = try await request.decode(MeasurePerformanceRequest.self)
        let model = try models.find(wire.model)
        context.record.note { $0.model = model.id }
        let departure = await context.channel.clientDeparture()
        let report = try await departure.cancelling { [line, measurement] in
            try await line.pass { try await measurement.run(model, trials: wire.trials) }
        }
        return try Response(json: report)
    }
}
