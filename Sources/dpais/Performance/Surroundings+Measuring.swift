import Logging
import ModelStore
import Performance
import Runners
import Server

extension Surroundings {
    /// Measures with the running server, which then has the figures of its own settings, or where there is none with a
    /// runner of this command.
    func measure(
        _ model: InstalledModel, _ settings: Settings, trials: Int,
        progress: @escaping @Sendable (PerformanceMeasurement.Progress) -> Void
    ) async throws -> PerformanceReport {
        let reported: PerformanceReport? = try await APIClient.connected(to: settings) { client in
            guard (try? await client.health()) != nil else { return nil }
            return try await ServerMeasuring(client: client, model: model.id).measure(
                trials: trials, progress: progress)
        }
        if let reported { return reported }
        var logger = Logger(label: "dpais", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let pool = try makePool(settings, logger: logger)
        let uploads = try makeUploadFolder()
        defer { uploads.remove() }
        let measurement = PerformanceMeasurement(service: pool, uploads: uploads)
        return try await withThrowingTaskGroup(of: PerformanceReport?.self) { group in
            group.addTask {
                try await pool.run()
                return nil
            }
            group.addTask { try await measurement.run(model, trials: trials, progress: progress) }
            defer { group.cancelAll() }
            while let report = try await group.next() {
                if let report { return report }
            }
            throw CancellationError()
        }
    }
}
