import Inference
import Logging
import ModelStore
import RunnerProtocol
import Subprocess

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runners as processes: one executable an engine, beside the server's own.
public struct ProcessLauncher: RunnerLauncher {
    /// How long a runner that was told to leave may take.
    private static let patience = Duration.seconds(5)

    private let directory: String
    private let environment: [String: String]
    private let loadTimeout: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - directory: where the runners' executables are.
    ///   - environment: all that runners see of the environment: no token, no proxy, nothing they have no use for.
    ///   - loadTimeout: how long a model may take to load.
    public init(directory: String, environment: [String: String], loadTimeout: Duration, logger: Logger) {
        self.directory = directory
        self.environment = environment
        self.loadTimeout = loadTimeout
        self.logger = logger
    }

    public func run(
        _ model: InstalledModel, _ launch: RunnerLaunch, started: @Sendable (Int) async -> Void,
        announced: @Sendable (RunnerAnnouncement) async -> Void, until stop: RunnerStop
    ) async throws -> String {
        let name = "dpais-\(model.engine.rawValue)-runner"
        var options = PlatformOptions()
        // A group of its own: Ctrl-C in the terminal reaches the server alone, which lets answers finish.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: Self.patience)]
        var logger = logger
        logger[metadataKey: "model"] = "\(model.id)"

        let result = try await Subprocess.run(
            .path(FilePath("\(directory)/\(name)")), environment: .custom(environmentKeys()),
            platformOptions: options, input: .inputWriter, output: .sequence, error: .sequence
        ) { [logger] execution in
            await started(Int(execution.processIdentifier.value))
            let order = String(decoding: try JSONEncoder().encode(launch), as: UTF8.self) + "\n"
            _ = try await execution.standardInputWriter.write(order)
            let isReady = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardError.strings() {
                        let entry = RunnerLogLine(line.trimmed)
                        logger.log(
                            level: entry.level, "\(entry.message)",
                            metadata: ["process": "\(execution.processIdentifier)"])
                    }
                }
                group.addTask {
                    try await Task.sleep(for: loadTimeout)
                    guard !isReady.isSet else { return }
                    logger.error("the model did not load within \(loadTimeout); its process is ended")
                    try execution.send(signal: .kill)
                }
                group.addTask {
                    await stop.wait()
                    try await execution.standardInputWriter.finish()
                    try await Task.sleep(for: Self.patience)
                    logger.warning("the model's process did not leave when told to; it is ended")
                    try execution.send(signal: .kill)
                }
                for try await line in execution.standardOutput.strings() {
                    guard
                        let announcement = try? JSONDecoder().decode(
                            RunnerAnnouncement.self, from: Data(line.utf8))
                    else {
                        logger.debug("\(line.trimmed)")
                        continue
                    }
                    // One that failed leaves; the load timeout ends it if it does not.
                    if case .ready = announcement { isReady.set() }
                    await announced(announcement)
                }
                group.cancelAll()
            }
        }
        return "\(result.terminationStatus)"
    }

    private func environmentKeys() -> [Environment.Key: String] {
        Dictionary(environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension String {
    fileprivate var trimmed: Substring {
        self[..<(lastIndex { !$0.isNewline }.map(index(after:)) ?? startIndex)]
    }
}
