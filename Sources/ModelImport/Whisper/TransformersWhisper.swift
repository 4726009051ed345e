/// A Whisper model as the transformers library saves it: `model.safetensors`, with sizes in `config.json`.
struct TransformersWhisper: WhisperWeights {
    private let file: SafetensorsFile
    let dimensions: WhisperDimensions
    /// What stands before every name.
    private let prefix: String

    private static let tokenTable = "decoder.embed_tokens.weight"

    /// - Throws: ``ModelImportError`` where the file holds no Whisper model of these sizes.
    init(_ file: SafetensorsFile, _ configuration: TransformersWhisperConfiguration) throws(ModelImportError) {
        self.file = file
        dimensions = try configuration.dimensions()
        guard let prefix = ["model.", ""].first(where: { file[$0 + Self.tokenTable] != nil }) else {
            throw ModelImportError(
                .malformed, "\(file.name) has no '\(Self.tokenTable)', so it is not the Whisper model of config.json.")
        }
        self.prefix = prefix
    }

    private var width: Int { dimensions.width }

    func convolution(_ index: Int) throws(ModelImportError) -> WhisperLinear {
        try linear("encoder.conv\(index + 1)", [width, index == 0 ? dimensions.melBands : width, 3])
    }

    func audioPositions() throws(ModelImportError) -> WhisperWeight {
        try weight("encoder.embed_positions.weight", [dimensions.audioPositions, width])
    }

    func textPositions() throws(ModelImportError) -> WhisperWeight {
        try weight("decoder.embed_positions.weight", [dimensions.textPositions, width])
    }

    func tokens() throws(ModelImportError) -> WhisperWeight {
        try weight(Self.tokenTable, [dimensions.vocabulary, width])
    }

    func encoderLayer(_ index: Int) throws(ModelImportError) -> WhisperEncoderLayer {
        let layer = "encoder.layers.\(index)."
        return WhisperEncoderLayer(attention: try selfAttention(layer), feedForward: try feedForward(layer))
    }

    func encoderNorm() throws(ModelImportError) -> WhisperNorm {
        try norm("encoder.layer_norm")
    }

    func decoderLayer(_ index: Int) throws(ModelImportError) -> WhisperDecoderLayer {
        let layer = "decoder.layers.\(index)."
        let cross = layer + "encoder_attn."
        return WhisperDecoderLayer(
            attention: try selfAttention(layer),
            crossAttention: WhisperCrossAttention(
                norm: try norm(layer + "encoder_attn_layer_norm"),
                query: try linear(cross + "q_proj", [width, width]),
                keyValue: try joined(cross, ["k_proj", "v_proj"]),
                output: try linear(cross + "out_proj", [width, width])),
            feedForward: try feedForward(layer))
    }

    func decoderNorm() throws(ModelImportError) -> WhisperNorm {
        try norm("decoder.layer_norm")
    }

    private func selfAttention(_ layer: String) throws(ModelImportError) -> WhisperSelfAttention {
        WhisperSelfAttention(
            norm: try norm(layer + "self_attn_layer_norm"),
            queryKeyValue: try joined(layer + "self_attn.", ["q_proj", "k_proj", "v_proj"]),
            output: try linear(layer + "self_attn.out_proj", [width, width]))
    }

    private func feedForward(_ layer: String) throws(ModelImportError) -> WhisperFeedForward {
        let inner = file[prefix + layer + "fc1.weight"]?.shape.first ?? 0
        return WhisperFeedForward(
            norm: try norm(layer + "final_layer_norm"), expansion: try linear(layer + "fc1", [inner, width]),
            contraction: try linear(layer + "fc2", [width, inner]))
    }

    /// Several projections as one. Keys have no bias: nothing is added to them.
    private func joined(_ attention: String, _ names: [String]) throws(ModelImportError) -> WhisperLinear {
        var weights: [WhisperWeight] = []
        var biases: [WhisperWeight] = []
        for name in names {
            let matrix = try weight(attention + name + ".weight", [width, width])
            weights.append(matrix)
            if name == "k_proj" {
                let zeros = [UInt8](repeating: 0, count: width * matrix.type.byteCount)
                biases.append(WhisperWeight(name: "", type: matrix.type, shape: [width], data: IRData(zeros)))
            } else {
                biases.append(try weight(attention + name + ".bias", [width]))
            }
        }
        let name = attention + names.joined(separator: "+")
        return WhisperLinear(
            weight: try join(weights, name: name + ".weight"), bias: try join(biases, name: name + ".bias"))
    }

    private func join(_ parts: [WhisperWeight], name: String) throws(ModelImportError) -> WhisperWeight {
        let first = parts[0]
        guard parts.allSatisfy({ $0.type == first.type }) else {
            throw ModelImportError(.unsupported, "\(file.name): the parts of '\(name)' are of different types.")
        }
        return WhisperWeight(
            name: name, type: first.type, shape: [parts.count * first.shape[0]] + first.shape.dropFirst(),
            data: IRData(joining: parts.map(\.data)))
    }

    private func linear(_ name: String, _ shape: [Int]) throws(ModelImportError) -> WhisperLinear {
        WhisperLinear(weight: try weight(name + ".weight", shape), bias: try weight(name + ".bias", [shape[0]]))
    }

    private func norm(_ name: String) throws(ModelImportError) -> WhisperNorm {
        WhisperNorm(scale: try weight(name + ".weight", [width]), shift: try weight(name + ".bias", [width]))
    }

    private func weight(_ name: String, _ shape: [Int]) throws(ModelImportError) -> WhisperWeight {
        guard let tensor = file[prefix + name] else {
            throw ModelImportError(.malformed, "\(file.name) has no weights '\(prefix + name)' of 16 or 32 bits.")
        }
        guard tensor.shape == shape else {
            throw ModelImportError(
                .malformed,
                "\(file.name): '\(prefix + name)' has the shape \(tensor.shape) where config.json asks for \(shape).")
        }
        return WhisperWeight(name: name, type: tensor.type, shape: shape, data: tensor.data)
    }
}
