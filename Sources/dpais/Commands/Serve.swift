import ArgumentParser
import Background
import Console
import Logging
import ModelStore
import Server
import ServiceLifecycle
import UnixSignals

extension ServerRecord.Keeper: ExpressibleByArgument {}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the installed models over HTTP, in this terminal.",
        discussion: """
            Answers OpenAI clients at http://HOST:PORT/v1 (give them that as their base URL) and at \
            http://HOST:PORT/v1/openai. A model's process starts at its first request. Ctrl-C lets running answers \
            finish; a second one does not wait. `dpais start` does the same in the background.

            Examples:
              dpais serve
              dpais serve --port 9000 --preload smollm2-135m --keep-alive 1h
              curl http://localhost:9000/v1/models
            """)

    @OptionGroup var options: ServeOptions

    @Option(name: .customLong("kept-by"), help: .hidden)
    var keeper: ServerRecord.Keeper = .terminal

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings(flags: options.flags)
        let logger = Self.makeLogger(settings.logLevel, log: ServerLife(surroundings).log)
        try surroundings.makeHome()
        // One server of a home can be found by the other commands; more are served all the same.
        let held = try surroundings.recordFile.take()
        guard held != nil || keeper == .terminal else { throw AnotherServer(home: surroundings.home.root) }
        defer { held?.giveBack() }
        let started = Moment.now
        let server = DpaisServer(
            settings: settings, store: surroundings.store,
            pool: try surroundings.makePool(settings, logger: logger), uploads: try surroundings.makeUploadFolder(),
            logger: logger
        ) { port in
            let address = APIClient.base(host: settings.host, port: port)
            do {
                try held?.write(
                    ServerRecord(
                        process: surroundings.processIdentifier, address: address, version: Dpais.version,
                        started: started, keeper: keeper, arguments: options.arguments))
            } catch {
                logger.warning("other commands will not find this server: \(error)")
            }
            Terminal.output.write(
                "dpais \(Dpais.version) serves at http://\(settings.host):\(port)/v1"
                    + (keeper == .terminal ? " (Ctrl-C stops it)\n" : "\n"))
        }
        try await ServiceGroup(
            configuration: .init(
                services: [server], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        ).run()
    }

    private struct AnotherServer: Error, CustomStringConvertible {
        var home: String

        var description: String {
            "A server of the home \(home) is running already. `dpais status` shows it, `dpais stop` stops it."
        }
    }

    private static func makeLogger(_ level: Logger.Level, log: String) -> Logger {
        var logger = Logger(label: "dpais", factory: { RotatingLogHandler(label: $0, log: log) })
        logger.logLevel = level
        return logger
    }
}
