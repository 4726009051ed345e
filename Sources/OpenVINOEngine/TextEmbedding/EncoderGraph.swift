import Inference
import OpenVINORuntime

/// An encoder as a graph that OpenVINO compiles.
struct EncoderGraph: EncoderNetwork {
    /// For batches side by side, a thread each.
    private let narrow: CompiledModel
    /// For few texts, all threads on one batch; where there is more than one thread.
    private let wide: CompiledModel?
    private let ports: EncoderPorts
    private let settings: EncoderSettings
    let lanes: Int
    let maximumLength: Int
    let padding: EmbeddingQueue.Padding

    /// Reads and compiles the graph of a folder.
    ///
    /// - Throws: ``OpenVINORuntime/OpenVINOError``, ``Inference/InferenceError``.
    init(_ configuration: OpenVINOEngine.Configuration, _ settings: EncoderSettings) throws {
        let core = try Core()
        let model = try core.read(OpenVINOEngine.modelFile("model", in: configuration.folder))
        let threads = configuration.maximumThreads
        var options = CompileOptions(
            device: configuration.device, precision: configuration.precision, threads: threads,
            streams: configuration.device.isCPU ? threads : Self.lanesOfOtherDevices,
            cacheFolder: configuration.compiledModelFolder,
            properties: configuration.device.isCPU ? Self.cpuProperties : [:])
        ports = try EncoderPorts(inputs: model.inputs, outputs: model.outputs)
        narrow = try core.compile(model, options)
        if configuration.device.isCPU, threads > 1 {
            options.streams = 1
            wide = try core.compile(model, options)
        } else {
            wide = nil
        }
        self.settings = settings
        lanes = configuration.device.isCPU ? threads : Self.lanesOfOtherDevices
        maximumLength = ports.length ?? settings.maximumLength
        padding = .upTo(ports.length.map { [$0] } ?? Self.rowLengths(upTo: maximumLength))
    }

    var name: String { "OpenVINO \(Core.version)" }
    var device: String { narrow.device }
    var precision: String { narrow.property("INFERENCE_PRECISION_HINT") ?? "" }
    var width: Int { ports.width }
    var vocabularySize: Int? { nil }
    var maximumRows: Int { ports.rows ?? .max }
    var hasWideLane: Bool { wide != nil }

    func makeRun(for lane: EncodingWork.Lane) throws -> (EncodingWork.Batch) throws -> [Float] {
        let run = try makeRun(of: lane == .wide ? wide ?? narrow : narrow)
        return { batch in try run.vectors(of: batch.texts, rowLength: batch.batch.rowLength) }
    }

    /// For texts one by one, on one thread, whatever else they came with.
    func makeRunOfSingleTexts() throws -> ([Int32]) throws -> [Float] {
        let run = try makeRun(of: narrow)
        let lengths = Self.rowLengths(upTo: maximumLength)
        return { text in
            try run.vectors(of: [text], rowLength: lengths.first { $0 >= text.count } ?? text.count)
        }
    }

    private func makeRun(of model: CompiledModel) throws -> EncoderRun {
        try EncoderRun(model, ports: ports, pooling: settings.pooling, paddingToken: settings.paddingToken)
    }

    /// Batches that a GPU or NPU is given at once, so that one is copied while another is computed.
    private static let lanesOfOtherDevices = 2

    /// Kernels are kept for each shape of batch that was seen; without a limit so many would gather.
    private static let cpuProperties = ["CPU_RUNTIME_CACHE_CAPACITY": "512"]

    /// Row lengths that batches are padded to: four significant binary digits and more, so that padding wastes a
    /// sixteenth of a row at most, and the shapes that the graph is run on are few.
    static func rowLengths(upTo limit: Int) -> [Int] {
        var lengths: [Int] = []
        var length = 1
        while length < limit {
            lengths.append(length)
            length += 1 << max(0, Int.bitWidth - 1 - length.leadingZeroBitCount - 4)
        }
        return lengths + [limit]
    }
}
