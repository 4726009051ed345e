import Dispatch
import Inference
import Logging
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The life of a runner's process: told what to load, it announces itself, serves, and leaves with its server.
public enum RunnerProcess {
    /// Runs until standard input ends.
    ///
    /// - Parameter load: makes the engine of what the server asked for, with where its log goes. What it can do decides
    ///   which routes are served.
    public static func run(
        label: String, load: @Sendable (RunnerLaunch, @escaping Log) async throws -> any Engine
    ) async -> Never {
        // Ctrl-C in the terminal is for the server, which lets answers finish; runners follow it.
        signal(SIGINT, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        guard let line = readLine(strippingNewline: true),
            let launch = try? JSONDecoder().decode(RunnerLaunch.self, from: Data(line.utf8))
        else {
            let usage =
                "\(label) is started by `dpais serve`; it takes no arguments and reads what to load from its input.\n"
            FileDescriptorOutput.standardError.write(usage)
            exit(64)
        }
        leaveWhenInputEnds()

        let level = Logger.Level(rawValue: launch.logLevel) ?? .info
        let logger = Logger(label: label, factory: { _ in RunnerLogHandler(logLevel: level) })
        do {
            let engine = try await load(launch) { logger.log(level: .init($0), "\($1)") }
            let service = RunnerService(engine, socketPath: launch.socketPath, logger: logger) {
                announce(.ready(engine.description))
            }
            try await service.run()
            exit(0)
        } catch let error as InferenceError {
            announce(.failed(error))
        } catch {
            logger.error("cannot serve", metadata: ["error": "\(error)"])
            announce(.failed(InferenceError(.unavailable, "The model's process could not start.")))
        }
        exit(1)
    }

    private static func announce(_ announcement: RunnerAnnouncement) {
        guard let line = try? JSONEncoder().encode(announcement) else { return }
        FileDescriptorOutput.standardOutput.write(String(decoding: line, as: UTF8.self) + "\n")
    }

    /// The server holds the other end of the input for as long as it lives and wants this runner.
    private static func leaveWhenInputEnds() {
        DispatchQueue(label: "input").async {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { _exit(0) }
            }
        }
    }
}

extension Logger.Level {
    fileprivate init(_ level: LogLevel) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
