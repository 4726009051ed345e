import Logging
import ModelStore
import Runners
import Server

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Surroundings {
    /// The server's folder for files that come with requests.
    func makeUploadFolder() throws -> UploadFolder { try UploadFolder(in: home.root + "/uploads") }

    /// A pool whose runners are processes beside this executable.
    func makePool(_ settings: Settings, logger: Logger) throws -> RunnerPool {
        try home.prepareRunFolder()
        let cores = settings.threads > 0 ? settings.threads : processorCount
        return RunnerPool(
            configuration: .init(
                socketDirectory: home.run, socketPrefix: "\(getpid())", cores: cores,
                contextLength: settings.contextLength, parallelRequests: settings.parallelRequests,
                queueLimit: settings.queueLength, cacheBudgetBytes: settings.kvCacheBudget << 20,
                device: settings.device.rawValue, precision: settings.precision.rawValue,
                compiledModelFolder: home.root + "/cache/compiled", runnerLogLevel: settings.logLevel,
                memory: .init(
                    budgetBytes: settings.memoryBudget << 20, maximumLoaded: settings.maximumLoaded,
                    keepAlive: settings.keepAlive, keepAliveOf: settings.keepAliveOf,
                    pinned: Set(settings.pinnedModels.map { $0.lowercased() }), waitLimit: settings.memoryWait),
                sizesFile: home.root + "/cache/memory.json"),
            launcher: ProcessLauncher(
                directory: executableDirectory, environment: runnerEnvironment, loadTimeout: settings.loadTimeout,
                logger: logger),
            logger: logger)
    }
}
