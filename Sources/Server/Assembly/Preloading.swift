import Inference
import Logging
import Runners
import ServiceLifecycle

/// Loads models when the server starts, one after the other, while it listens already.
///
/// One that cannot be loaded is told of in the log, and ends nothing.
struct Preloading: Service {
    /// By id or another of their names.
    let names: [String]
    let models: any ModelDirectory
    let service: any LoadingService
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for name in names where !Task.isCancelled { await load(name) }
        }
        // A service that ends would end the others.
        try? await gracefulShutdown()
    }

    private func load(_ name: String) async {
        do {
            let loaded = try await service.load(try models.find(name), keepAlive: nil)
            logger.info(
                "loaded ahead",
                metadata: ["model": "\(loaded.id)", "memory_mib": "\((loaded.memoryBytes ?? 0) >> 20)"])
        } catch is CancellationError {
            return
        } catch {
            logger.error("could not load a model ahead", metadata: ["model": "\(name)", "reason": "\(error)"])
        }
    }
}
