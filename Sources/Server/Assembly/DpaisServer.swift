import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import RunnerProtocol
import ServiceLifecycle

/// The server: the HTTP surface and the rooms under it, started and stopped together.
///
/// On a graceful shutdown it stops to accept, lets running answers finish up to the setting `server.shutdown-grace`,
/// and then stops the runners.
public struct DpaisServer: Service {
    private let settings: Settings
    private let models: any ModelDirectory
    private let pool: any ModelService & Service
    private let uploads: UploadFolder
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - store: what is installed.
    ///   - pool: what runs models; it is run with the server, and stopped after it.
    ///   - uploads: where large files that come with requests are kept while they are needed.
    ///   - onListening: called with the port once the server accepts connections.
    public init(
        settings: Settings, store: any ModelDirectory, pool: any ModelService & Service, uploads: UploadFolder,
        logger: Logger, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.models = store
        self.pool = pool
        self.uploads = uploads
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown or cancellation.
    ///
    /// - Throws: ``ServerStartError`` where it cannot listen.
    public func run() async throws {
        defer { uploads.remove() }
        if !AllowedAuthorities(host: "localhost", hosts: [], origins: []).allows(host: settings.host) {
            logger.warning(
                "listening beyond this machine: anyone who can reach the port can use the models",
                metadata: ["host": .string(settings.host)])
        }
        let listener = HTTPListener(
            application: makeApplication(), host: settings.host, port: settings.port)
        // Shut down in reverse order: the listener first, so that running answers keep their runners.
        let preloading = Preloading(
            names: settings.preloadedModels, models: models, service: pool, logger: logger)
        var configuration = ServiceGroupConfiguration(services: [pool, preloading, listener], logger: logger)
        configuration.maximumGracefulShutdownDuration = settings.shutdownGrace
        do {
            let group = ServiceGroup(configuration: configuration)
            try await withTaskExecutorPreference(EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.next())) {
                try await group.run()
            }
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            logger.warning(
                "answers still running at the end of the grace were cut off",
                metadata: ["seconds": .stringConvertible(settings.shutdownGrace.components.seconds)])
        }
    }

    private func makeApplication() -> some ApplicationProtocol {
        let connections = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ClientDepartureHandler()],
            idleTimeout: TimeAmount(settings.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headerLimit, maxHeaderListSize: settings.headerLimit))
        return Application(
            router: makeRouter(settings: settings, models: models, service: pool, uploads: uploads),
            server: .held(connections),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.maximumConnections, logger: logger)),
            onServerRunning: { [settings, onListening] channel in
                await onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: logger)
    }
}

extension DpaisServer: CustomStringConvertible {
    /// Short, since the group of services writes it to the log.
    public var description: String { "the HTTP server" }
}
