import Inference
import Logging
import OpenVINORuntime
import RunnerProtocol
import WhisperCppEngine
import WhisperEngine

await RunnerProcess.run(label: "dpais-whisper-runner") { launch, logger in
    let requestLimit = launch.parallelRequests + launch.queueLimit
    if WhisperCppEngine.reads(launch.modelPath) {
        return try await WhisperCppEngine(
            .init(
                modelPath: launch.modelPath, modelDigest: launch.modelDigest, threads: launch.threads,
                maximumThreads: launch.maximumThreads, requestLimit: requestLimit)
        ) { level, line in
            switch level {
            case .error: logger.error("\(line)")
            case .warning: logger.warning("\(line)")
            case .info: logger.info("\(line)")
            case .debug: logger.debug("\(line)")
            }
        }
    }
    // The model's first file lies in its folder, where the engine opens what it finds.
    let folder = launch.modelPath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
    return try await WhisperEngine(
        .init(
            folder: folder, modelDigest: launch.modelDigest, threads: launch.threads,
            maximumThreads: launch.maximumThreads, device: Device(launch.device),
            precision: Precision(rawValue: launch.precision) ?? .auto,
            compiledModelFolder: launch.compiledModelFolder, requestLimit: requestLimit)
    ) { level, line in
        switch level {
        case .error: logger.error("\(line)")
        case .warning: logger.warning("\(line)")
        case .info: logger.info("\(line)")
        case .debug: logger.debug("\(line)")
        }
    }
}
