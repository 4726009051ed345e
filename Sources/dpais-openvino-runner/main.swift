import Logging
import OpenVINOEngine
import OpenVINORuntime
import RunnerProtocol

await RunnerProcess.run(label: "dpais-openvino-runner") { launch, logger in
    // The model's first file lies in its folder, where the engine opens what it finds.
    let folder = launch.modelPath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
    return try await OpenVINOEngine.load(
        .init(
            folder: folder, capability: launch.capability, modelDigest: launch.modelDigest, threads: launch.threads,
            maximumThreads: launch.maximumThreads, device: Device(launch.device),
            precision: Precision(rawValue: launch.precision) ?? .auto,
            compiledModelFolder: launch.compiledModelFolder,
            requestLimit: launch.parallelRequests + launch.queueLimit, shortensVectors: launch.shortensVectors)
    ) { level, line in
        switch level {
        case .error: logger.error("\(line)")
        case .warning: logger.warning("\(line)")
        case .info: logger.info("\(line)")
        case .debug: logger.debug("\(line)")
        }
    }
}
