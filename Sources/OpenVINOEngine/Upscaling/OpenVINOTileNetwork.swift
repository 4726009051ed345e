import Inference
import Media
import OpenVINORuntime
import SystemSupport

/// A network in OpenVINO IR or ONNX: input f32 RGB of shape [1, 3, height, width], any height and width.
final class OpenVINOTileNetwork: TileNetwork {
    private let lane: InferenceLane<OpenVINOTileRun>
    private let threads: Locked<Int>
    private let computesOn = Locked("unknown")
    private let scale: Int
    private let log: Log

    /// Reads and compiles the network. Blocks for as long as a second or two.
    ///
    /// - Throws: ``Inference/InferenceError``.
    init(_ configuration: OpenVINOEngine.Configuration, scale: Int, log: @escaping Log) async throws {
        threads = Locked(configuration.threads)
        self.scale = scale
        self.log = log
        let path = try OpenVINOEngine.modelFile("model", in: configuration.folder)
        lane = try await InferenceLane("upscaling") {
            OpenVINOTileRun(
                path: path,
                options: CompileOptions(
                    device: configuration.device, precision: configuration.precision, threads: configuration.threads,
                    cacheFolder: configuration.compiledModelFolder,
                    properties: configuration.device == .cpu ? OpenVINOTileRun.cpuProperties : [:]))
        }
    }

    var name: String { "OpenVINO \(Core.version)" }
    var device: String { computesOn.withLock { $0 } }

    func enlarge(_ picture: Picture) async throws -> Picture {
        try await lane.run { [self] run in
            // It may have been cancelled while others had their turns.
            try Task.checkCancellation()
            do {
                let enlarged = try run.enlarge(picture, scale: scale, threads: threads.withLock { $0 })
                computesOn.withLock { $0 = run.device }
                return enlarged
            } catch let error as OpenVINOError {
                log(.error, "\(error)")
                throw run.isLoaded
                    ? InferenceError(.internal, "The engine could not compute this picture; its log says why.")
                    : InferenceError(
                        .unavailable, "The model's files cannot be loaded; the log says why. Install the model again.",
                        parameter: "model")
            }
        }
    }

    func setThreads(_ count: Int) {
        threads.withLock { $0 = count }
    }
}

/// The network with its infer request; of one lane.
private final class OpenVINOTileRun {
    private let path: String
    private var options: CompileOptions
    private var core: Core?
    private var model: Model?
    private var loaded: (request: InferenceRequest, input: Tensor<Float>, inputName: String)?
    /// What the model was compiled for last.
    private(set) var device = "unknown"

    /// Kernels are kept for each size of tile that was seen; without a limit so many would gather.
    static let cpuProperties = ["CPU_RUNTIME_CACHE_CAPACITY": "512"]

    init(path: String, options: CompileOptions) {
        self.path = path
        self.options = options
    }

    var isLoaded: Bool { loaded != nil }

    func enlarge(_ picture: Picture, scale: Int, threads: Int) throws -> Picture {
        // OpenVINO 2026.4.1 computes convolutions over a single pixel wrongly in bf16.
        guard picture.width * picture.height > 1 else {
            let pair = Picture(width: 2, height: 1, channels: .rgb, pixels: picture.pixels + picture.pixels)
            return try compute(pair, scale: scale, threads: threads).cropped(
                to: PixelRegion(columns: 0..<scale, rows: 0..<scale))
        }
        return try compute(picture, scale: scale, threads: threads)
    }

    private func compute(_ picture: Picture, scale: Int, threads: Int) throws -> Picture {
        let (request, input, inputName) = try loaded(threads: threads)
        try input.reshape([1, 3, picture.height, picture.width])
        input.withMutableElements { PlanarPixels.fill($0, from: picture) }
        try request.setInput(inputName, input)
        try request.infer()
        let output = try request.output(at: 0, as: Float.self)
        guard output.shape == [1, 3, scale * picture.height, scale * picture.width] else {
            throw InferenceError(.unavailable, "The model does not enlarge pictures by \(scale) as its settings say.")
        }
        return output.withElements {
            PlanarPixels.picture(from: $0, width: scale * picture.width, height: scale * picture.height)
        }
    }

    /// The number of threads is settled when a model is compiled, so that another number takes another second.
    private func loaded(
        threads: Int
    ) throws -> (request: InferenceRequest, input: Tensor<Float>, inputName: String) {
        if let loaded, options.threads == threads { return loaded }
        options.threads = threads
        // The memory of the one before is given back first.
        loaded = nil
        let core = try core ?? Core()
        self.core = core
        let model = try model ?? core.read(path)
        self.model = model
        let (inputs, outputs) = (try model.inputs, try model.outputs)
        guard inputs.count == 1, outputs.count == 1, let input = inputs.first, input.elementType == .float32,
            outputs[0].elementType == .float32, let shape = input.shape, shape.count == 4, shape[1] == 3,
            shape[2] == nil, shape[3] == nil
        else {
            throw InferenceError(
                .unsupported, "This model does not take pictures in RGB of any size.", parameter: "model")
        }
        let compiled = try core.compile(model, options)
        device = compiled.device
        let request = try compiled.makeRequest()
        let made = (request, try Tensor<Float>(shape: [1, 3, 1, 1]), input.name)
        loaded = made
        return made
    }
}
