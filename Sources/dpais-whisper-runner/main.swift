import OpenVINORuntime
import RunnerProtocol
import WhisperCppEngine
import WhisperEngine

await RunnerProcess.run(label: "dpais-whisper-runner") { launch, log in
    let requestLimit = launch.parallelRequests + launch.queueLimit
    if WhisperCppEngine.reads(launch.modelPath) {
        return try await WhisperCppEngine(
            .init(
                modelPath: launch.modelPath, modelDigest: launch.modelDigest, threads: launch.threads,
                maximumThreads: launch.maximumThreads, requestLimit: requestLimit),
            log: log)
    }
    return try await WhisperEngine(
        .init(
            folder: launch.modelFolder, modelDigest: launch.modelDigest, threads: launch.threads,
            maximumThreads: launch.maximumThreads, device: Device(launch.device),
            precision: Precision(rawValue: launch.precision) ?? .auto,
            compiledModelFolder: launch.compiledModelFolder, requestLimit: requestLimit),
        log: log)
}
