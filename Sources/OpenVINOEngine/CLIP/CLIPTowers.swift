import Inference
import OpenVINORuntime

/// The two graphs of a CLIP model, read and compiled.
struct CLIPTowers: Sendable {
    let text: CompiledModel
    let textPorts: EncoderPorts
    let vision: CompiledModel
    let visionPorts: VisionPorts

    /// The device that computes both, as ``Inference/EngineDescription/device`` has it.
    var device: String { Set([text.device, vision.device]).sorted().joined(separator: "+") }

    /// Reads `text_model` and `vision_model`, each `.onnx` or IR, from the configuration's folder.
    ///
    /// - Parameters:
    ///   - crop: both sides of the pictures, in pixels.
    ///   - streams: batches that are computed side by side.
    /// - Throws: ``Inference/InferenceError`` where a graph is missing or is none of CLIP's, ``OpenVINOError``.
    init(_ configuration: OpenVINOEngine.Configuration, crop: Int, streams: Int) throws {
        let core = try Core()
        let folder = configuration.folder
        let textModel = try core.read(OpenVINOEngine.modelFile("text_model", in: folder))
        textPorts = try EncoderPorts(ofTextTower: textModel.inputs, outputs: textModel.outputs)
        let visionModel = try core.read(OpenVINOEngine.modelFile("vision_model", in: folder))
        visionPorts = try VisionPorts(inputs: visionModel.inputs, outputs: visionModel.outputs, side: crop)
        // The extents that never change, for the device to plan with.
        try visionModel.reshape([VisionPorts.input: [visionPorts.rows, 3, crop, crop]])
        guard textPorts.width == visionPorts.width else {
            throw InferenceError(
                .unsupported,
                "This model's text vectors have \(textPorts.width) components and its image vectors "
                    + "\(visionPorts.width); they do not lie in one space.", parameter: "model")
        }
        let options = CompileOptions(
            device: configuration.device, precision: configuration.precision, threads: configuration.maximumThreads,
            streams: streams, cacheFolder: configuration.compiledModelFolder,
            // Kernels are kept for each shape of batch that was seen; without a limit so many would gather.
            properties: configuration.device.isCPU ? ["CPU_RUNTIME_CACHE_CAPACITY": "512"] : [:])
        text = try core.compile(textModel, options)
        vision = try core.compile(visionModel, options)
    }
}

extension EncoderPorts {
    /// - Throws: ``Inference/InferenceError`` of kind `unsupported` where the graph is not CLIP's text tower.
    init(ofTextTower inputs: [Port], outputs: [Port]) throws(InferenceError) {
        guard var embeds = outputs.first(where: { $0.name == "text_embeds" }) else {
            throw InferenceError(
                .unsupported, "This model's text tower has no output text_embeds.", parameter: "model")
        }
        // What pooled vectors are called in graphs of text encoders.
        embeds.name = "sentence_embedding"
        try self.init(inputs: inputs, outputs: [embeds])
        output = "text_embeds"
    }
}
