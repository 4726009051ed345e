import LlamaEngine
import Logging
import RunnerProtocol

await RunnerProcess.run(label: "dpais-llama-runner") { launch, logger in
    try await LlamaEngine(
        .init(
            modelPath: launch.modelPath, modelDigest: launch.modelDigest, threads: launch.threads,
            maximumThreads: launch.maximumThreads, contextLength: launch.contextLength,
            parallelRequests: launch.parallelRequests, queueLimit: launch.queueLimit,
            cacheBudgetBytes: launch.cacheBudgetBytes)
    ) { level, line in
        // What llama.cpp calls information is of use to few.
        switch level {
        case .error: logger.error("\(line)")
        case .warning: logger.warning("\(line)")
        case .info, .debug: logger.debug("\(line)")
        }
    }
}
