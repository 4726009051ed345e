import OpenVINOEngine
import OpenVINORuntime
import RunnerProtocol

await RunnerProcess.run(label: "dpais-openvino-runner") { launch, log in
    try await OpenVINOEngine.load(
        .init(
            folder: launch.modelFolder, capability: launch.capability, modelDigest: launch.modelDigest,
            threads: launch.threads,
            maximumThreads: launch.maximumThreads, device: Device(launch.device),
            precision: Precision(rawValue: launch.precision) ?? .auto,
            compiledModelFolder: launch.compiledModelFolder,
            requestLimit: launch.parallelRequests + launch.queueLimit, shortensVectors: launch.shortensVectors),
        log: log)
}
