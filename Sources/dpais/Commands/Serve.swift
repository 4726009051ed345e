import ArgumentParser
import Console
import Logging
import Server
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the installed models over HTTP.",
        discussion: """
            Answers OpenAI clients at http://HOST:PORT/v1 (give them that as their base URL) and at \
            http://HOST:PORT/v1/openai. A model's process starts at its first request. Ctrl-C lets running answers \
            finish; a second one does not wait.

            Example:
              dpais serve --port 9000
              curl http://localhost:9000/v1/models
            """)

    @Option(help: "Address to listen on. Anything but loopback lets others use your models.")
    var host: String?

    @Option(help: "Port to listen on; 0 takes any that is free.")
    var port: Int?

    @Option(help: "Least severe log line written: trace, debug, info, notice, warning, error, critical.")
    var logLevel: String?

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings(flags: flags)
        let logger = Self.makeLogger(settings.logLevel)
        let server = DpaisServer(
            settings: settings, store: surroundings.store,
            pool: try surroundings.makePool(settings, logger: logger), uploads: try surroundings.makeUploadFolder(),
            logger: logger
        ) { port in
            Terminal.output.write(
                "dpais \(Dpais.version) serves at http://\(settings.host):\(port)/v1 (Ctrl-C stops it)\n")
        }
        try await ServiceGroup(
            configuration: .init(
                services: [server], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        ).run()
    }

    private var flags: [String: SettingFlag] {
        var flags: [String: SettingFlag] = [:]
        if let host { flags["server.host"] = .text(host) }
        if let port { flags["server.port"] = .number(port) }
        if let logLevel { flags["log.level"] = .text(logLevel) }
        return flags
    }

    private static func makeLogger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "dpais", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }
}
