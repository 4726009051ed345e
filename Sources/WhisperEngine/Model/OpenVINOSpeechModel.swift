import Foundation
import Inference
import OpenVINORuntime
import SystemSupport

/// A Whisper model as graphs of OpenVINO's. One thread owns it.
///
/// The encoder gives out each decoder layer's keys and values over the window, which are handed to the decoder where they
/// lie. The decoder keeps the keys and values of the rows' own tokens.
final class OpenVINOSpeechModel: SpeechModel {
    let settings: WhisperSettings

    private let folder: String
    private let core: Core
    private var options: CompileOptions
    private let threads: ThreadCount
    private var compiled: Compiled?
    /// Made when words are timed for the first time.
    private var aligner: Aligner?

    /// The encoder and the decoder with their requests and tensors.
    private struct Compiled {
        let encoderModel: CompiledModel
        let encoder: InferenceRequest
        let decoderModel: CompiledModel
        /// Keeps the rows' keys and values. OpenVINO's C interface cannot empty them: a new request begins without any.
        var decoder: InferenceRequest
        let spectrogram: Tensor<Float>
        let tokens: Tensor<Int64>
        let order: Tensor<Int32>
        let position: Tensor<Int64>
        /// By the names of the decoder's inputs.
        let heard: [String: OutputTensor]
        /// How far the memory of the weights' files is from being given back.
        var weights = MappedWeightsUse.unread
    }

    private enum MappedWeightsUse {
        case unread
        /// A window is being heard and read, for which the weights are packed.
        case packing
        case released
    }

    private struct Aligner {
        let request: InferenceRequest
        let tokens: Tensor<Int64>
    }

    /// - Throws: ``Inference/InferenceError``, ``OpenVINORuntime/OpenVINOError``.
    init(_ configuration: WhisperEngine.Configuration, settings: WhisperSettings, threads: ThreadCount) throws {
        self.settings = settings
        folder = configuration.folder
        self.threads = threads
        core = try Core()
        options = Self.options(configuration, threads: threads.value)
        _ = try ready()
    }

    /// Where the CPU has no tiles of bf16, weights of 8 bits meet numbers that are quantized as they come, in groups of 64
    /// (measured: the encoder takes 150 ms instead of 200, a token 2 ms instead of 3.4).
    private static func options(_ configuration: WhisperEngine.Configuration, threads: Int) -> CompileOptions {
        var options = CompileOptions(
            device: configuration.device, precision: configuration.precision, threads: threads,
            cacheFolder: configuration.compiledModelFolder)
        guard configuration.device == .cpu else { return options }
        let hasTiles = CPUFeatures.ofThisMachine().multipliesTiles
        // Kernels are kept for each length of the text so far; without a limit so many would gather.
        options.properties = [
            "CPU_RUNTIME_CACHE_CAPACITY": "512", "DYNAMIC_QUANTIZATION_GROUP_SIZE": hasTiles ? "0" : "64",
        ]
        return options
    }

    var device: String {
        Set([compiled?.encoderModel, compiled?.decoderModel].compactMap { $0?.device }).sorted().joined(separator: "+")
    }

    // MARK: Graphs

    /// The number of threads is settled when a graph is compiled.
    private func ready() throws -> Compiled {
        let wanted = threads.value
        if let compiled, options.threads == wanted { return compiled }
        options.threads = wanted
        // The memory of those before is given back first.
        (compiled, aligner) = (nil, nil)
        let encoderModel = try compile("encoder")
        let encoder = try encoderModel.makeRequest()
        let decoder = try compile("decoder")
        var heard: [String: OutputTensor] = [:]
        for layer in 0..<settings.decoderLayers {
            for name in ["cross_key.\(layer)", "cross_value.\(layer)"] {
                heard[name] = try encoder.outputTensor(name)
            }
        }
        let made = Compiled(
            encoderModel: encoderModel, encoder: encoder, decoderModel: decoder, decoder: try decoder.makeRequest(),
            spectrogram: try Tensor(shape: [1, settings.melBands, SoundWindows.length]),
            tokens: try Tensor(shape: [1, 1]),
            order: try Tensor(shape: [1]), position: try Tensor(shape: [1]), heard: heard)
        try encoder.setInput("mel", made.spectrogram)
        made.position.withMutableElements { $0[0] = -1 }
        compiled = made
        return made
    }

    private func compile(_ name: String) throws -> CompiledModel {
        let path = "\(folder)/\(name).xml"
        guard FileManager.default.fileExists(atPath: path) else {
            throw InferenceError(.unavailable, "The model has no \(name).xml; install the model again.")
        }
        return try core.compile(try core.read(path), options)
    }

    private func alignerReady() throws -> Aligner {
        if let aligner { return aligner }
        let heard = try (compiled ?? ready()).heard
        let model = try compile("aligner")
        let made = Aligner(request: try model.makeRequest(), tokens: try Tensor(shape: [1, 1]))
        for input in try model.inputs where input.name != "tokens" {
            guard let tensor = heard[input.name] else {
                throw InferenceError(.unavailable, "The model's aligner.xml does not fit it; install the model again.")
            }
            try made.request.setInput(input.name, tensor)
        }
        aligner = made
        return made
    }

    // MARK: SpeechModel

    func hear(_ spectrogram: [Float]) throws {
        let compiled = try ready()
        compiled.spectrogram.withMutableElements { elements in
            precondition(elements.count == spectrogram.count, "a window of the encoder's length")
            _ = elements.update(fromContentsOf: spectrogram)
        }
        try compiled.encoder.infer()
        switch compiled.weights {
        case .unread: self.compiled?.weights = .packing
        case .packing:
            compiled.encoderModel.releaseMappedWeights()
            compiled.decoderModel.releaseMappedWeights()
            self.compiled?.weights = .released
        case .released: break
        }
    }

    func restart() throws {
        // A new number of threads waits for the next window: made anew, the graphs would have forgotten this one.
        let compiled = try compiled ?? ready()
        let decoder = try compiled.decoderModel.makeRequest()
        for (name, tensor) in compiled.heard { try decoder.setInput(name, tensor) }
        try decoder.setInput("position", compiled.position)
        self.compiled?.decoder = decoder
    }

    func evaluate<Result>(
        _ tokens: [Int32], order: [Int32], _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        guard let compiled else { preconditionFailure("a window is heard before tokens are read") }
        try fill(compiled.tokens, tokens, shape: [order.count, tokens.count / order.count])
        try compiled.decoder.setInput("tokens", compiled.tokens)
        try compiled.order.reshape([order.count])
        compiled.order.withMutableElements { _ = $0.update(fromContentsOf: order) }
        try compiled.decoder.setInput("row_order", compiled.order)
        try compiled.decoder.infer()
        return try compiled.decoder.output("logits", as: Float.self).withMutableElements { logits in
            guard logits.count == order.count * settings.vocabulary else {
                throw InferenceError(.unavailable, "The model's vocabulary is not what its whisper.json says.")
            }
            return try body(logits)
        }
    }

    func attention(_ tokens: [Int32]) throws -> AttentionWeights {
        let aligner = try alignerReady()
        try fill(aligner.tokens, tokens, shape: [1, tokens.count])
        try aligner.request.setInput("tokens", aligner.tokens)
        try aligner.request.infer()
        let weights = try aligner.request.output("weights", as: Float.self)
        let shape = weights.shape
        guard shape.count == 3, shape[1] == tokens.count else {
            throw InferenceError(.unavailable, "The model's aligner.xml does not fit it; install the model again.")
        }
        return AttentionWeights(
            heads: shape[0], tokens: shape[1], positions: shape[2], values: weights.withElements { Array($0) })
    }

    private func fill(_ tensor: Tensor<Int64>, _ tokens: [Int32], shape: [Int]) throws {
        try tensor.reshape(shape)
        tensor.withMutableElements { elements in
            for (index, token) in tokens.enumerated() { elements[index] = Int64(token) }
        }
    }
}

/// How many threads compute, from the next window on.
package final class ThreadCount: Sendable {
    private let count: Locked<Int>

    package init(_ count: Int) { self.count = Locked(count) }

    package var value: Int {
        get { count.withLock { $0 } }
        set { count.withLock { $0 = newValue } }
    }
}
