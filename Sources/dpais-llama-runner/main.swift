import LlamaEngine
import Logging
import RunnerProtocol

await RunnerProcess.run(label: "dpais-llama-runner") { launch, logger in
    try await LlamaEngine(
        .init(
            modelPath: launch.modelPath, projectorPath: launch.projectorPath, modelDigest: launch.modelDigest,
            threads: launch.threads, maximumThreads: launch.maximumThreads, contextLength: launch.contextLength,
            parallelRequests: launch.parallelRequests, queueLimit: launch.queueLimit,
            cacheBudgetBytes: launch.cacheBudgetBytes)
    ) { level, line in
        // What llama.cpp calls a warning is of use to few; much of it is about settings made on purpose here.
        switch level {
        case .error: logger.error("\(line)")
        case .warning: logger.info("\(line)")
        case .info: logger.debug("\(line)")
        case .debug: logger.trace("\(line)")
        }
    }
}
