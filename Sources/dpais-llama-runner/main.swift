import Inference
import LlamaEngine
import RunnerProtocol

await RunnerProcess.run(label: "dpais-llama-runner") { launch, logged in
    let log: Log = { level, line in
        // What llama.cpp calls a warning is of use to few; much of it is about settings made on purpose here.
        switch level {
        case .error: logged(.error, line)
        case .warning: logged(.info, line)
        case .info: logged(.debug, line)
        case .debug, .trace: logged(.trace, line)
        }
    }
    if launch.capability == .embeddings {
        return try await LlamaEmbeddingEngine(
            .init(
                modelPath: launch.modelPath, modelDigest: launch.modelDigest, threads: launch.threads,
                maximumThreads: launch.maximumThreads, contextLength: launch.contextLength,
                requestLimit: launch.parallelRequests + launch.queueLimit, shortensVectors: launch.shortensVectors),
            log: log)
    }
    return try await LlamaEngine(
        .init(
            modelPath: launch.modelPath, projectorPath: launch.projectorPath, modelDigest: launch.modelDigest,
            threads: launch.threads, maximumThreads: launch.maximumThreads, contextLength: launch.contextLength,
            parallelRequests: launch.parallelRequests, queueLimit: launch.queueLimit,
            cacheBudgetBytes: launch.cacheBudgetBytes),
        log: log)
}
