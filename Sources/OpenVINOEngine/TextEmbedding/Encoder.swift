import Foundation
import Inference
import OpenVINORuntime
import Tokenizers

/// A text encoder as loaded: its graph compiled, its tokenizer and what its folder says.
struct Encoder: Sendable {
    /// For batches side by side, a thread each.
    let narrow: CompiledModel
    /// For few texts, all threads on one batch; where there is more than one thread.
    let wide: CompiledModel?
    let lanes: Int
    let ports: EncoderPorts
    let reader: TextReader
    let settings: EncoderSettings
    let maximumLength: Int
    let padding: EmbeddingQueue.Padding
    let fingerprint: String

    /// - Throws: ``Inference/InferenceError``.
    init(_ configuration: OpenVINOEngine.Configuration, log: Log) throws {
        let folder = configuration.folder
        settings = try EncoderSettings(folder: folder)
        let tokenizer = try Self.tokenizer(folder, log)
        (narrow, wide, ports) = try Self.reportingOpenVINO(log) { try Self.compile(configuration) }
        lanes = configuration.device.isCPU ? configuration.maximumThreads : Self.lanesOfOtherDevices

        maximumLength = ports.length ?? settings.maximumLength
        padding = .upTo(ports.length.map { [$0] } ?? Self.rowLengths(upTo: maximumLength))
        let vocabularySize = settings.vocabularySize ?? tokenizer.vocabularySize
        guard tokenizer.vocabularySize <= vocabularySize else {
            throw InferenceError(
                .unsupported, "The model's tokenizer has tokens that the model does not know; install the model again.",
                parameter: "model")
        }
        reader = TextReader(tokenizer, maximumLength: maximumLength, vocabularySize: vocabularySize)
        fingerprint = Fingerprint.of(
            configuration.modelDigest, Core.version, configuration.device.name,
            narrow.property("INFERENCE_PRECISION_HINT") ?? "", "\(settings)")
    }

    func makeRun(_ model: CompiledModel) throws -> EncoderRun {
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

    private static func tokenizer(_ folder: String, _ log: Log) throws(InferenceError) -> any TextTokenizer {
        do {
            return try TokenizerFile.read("\(folder)/tokenizer.json")
        } catch {
            log(.error, "tokenizer.json: \(error)")
            throw InferenceError(
                .unsupported, "The model's tokenizer.json is missing, or of a kind that is not supported.",
                parameter: "model")
        }
    }

    private static func compile(
        _ configuration: OpenVINOEngine.Configuration
    ) throws -> (narrow: CompiledModel, wide: CompiledModel?, ports: EncoderPorts) {
        let core = try Core()
        let model = try core.read(OpenVINOEngine.modelFile("model", in: configuration.folder))
        let threads = configuration.maximumThreads
        var options = CompileOptions(
            device: configuration.device, precision: configuration.precision, threads: threads,
            streams: configuration.device.isCPU ? threads : lanesOfOtherDevices,
            cacheFolder: configuration.compiledModelFolder,
            properties: configuration.device.isCPU ? cpuProperties : [:])
        let ports = try EncoderPorts(inputs: model.inputs, outputs: model.outputs)
        let narrow = try core.compile(model, options)
        guard configuration.device.isCPU, threads > 1 else { return (narrow, nil, ports) }
        options.streams = 1
        return (narrow, try core.compile(model, options), ports)
    }

    /// Logs what OpenVINO says, and says to the client what it can do.
    private static func reportingOpenVINO<Result>(_ log: Log, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as OpenVINOError {
            log(.error, "\(error)")
            throw InferenceError(
                .unavailable, "The model's files cannot be loaded; the log says why. Install the model again.")
        }
    }
}
