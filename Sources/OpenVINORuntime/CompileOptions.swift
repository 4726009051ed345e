/// How a model is compiled.
package struct CompileOptions: Sendable {
    package var device: Device
    package var precision: Precision
    /// Threads that compute, over all streams. For CPUs; others have their own.
    package var threads: Int
    /// Requests computed side by side, each on its share of the threads; at most as many as threads. More streams give
    /// more throughput, fewer a quicker single answer.
    package var streams: Int
    /// Where compiled models are kept for the next start, in a folder of their own; `nil` keeps none.
    package var cacheFolder: String?
    /// Further properties by OpenVINO's names.
    package var properties: [String: String]

    package init(
        device: Device = .cpu, precision: Precision = .auto, threads: Int, streams: Int = 1,
        cacheFolder: String? = nil, properties: [String: String] = [:]
    ) {
        self.device = device
        self.precision = precision
        self.threads = threads
        self.streams = streams
        self.cacheFolder = cacheFolder
        self.properties = properties
    }

    func properties(for device: Device, cpu: CPUFeatures) -> [(key: String, value: String)] {
        var chosen: [String: String] = [:]
        if let hint = precision.hint(for: device, cpu: cpu) { chosen["INFERENCE_PRECISION_HINT"] = hint }
        if device.isCPU {
            chosen["INFERENCE_NUM_THREADS"] = "\(threads)"
            chosen["NUM_STREAMS"] = "\(min(streams, threads))"
            // Cores are shared with other runners: the system shall place the threads.
            chosen["ENABLE_CPU_PINNING"] = "NO"
        } else {
            chosen["PERFORMANCE_HINT"] = streams > 1 ? "THROUGHPUT" : "LATENCY"
        }
        if let cacheFolder { chosen["CACHE_DIR"] = cacheFolder }
        chosen.merge(properties) { _, given in given }
        return chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
