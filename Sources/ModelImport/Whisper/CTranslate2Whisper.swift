/// A Whisper model in CTranslate2's format, which joins the projections itself.
struct CTranslate2Whisper: WhisperWeights {
    private let file: CTranslate2File
    let dimensions: WhisperDimensions

    /// - Throws: ``ModelImportError``: `unsupported` where it is a model of another kind.
    init(_ file: CTranslate2File) throws(ModelImportError) {
        guard file.specification == "WhisperSpec" else {
            throw ModelImportError(
                .unsupported, "\(file.name) is a CTranslate2 model of the kind \(file.specification), not Whisper.")
        }
        self.file = file
        func size(_ name: String, _ dimension: Int) -> Int {
            file[name].flatMap { $0.shape.count > dimension ? $0.shape[dimension] : nil } ?? 0
        }
        let heads = (try file.integer("encoder/num_heads"), try file.integer("decoder/num_heads"))
        guard let count = heads.0, heads.1 == count else {
            throw ModelImportError(.malformed, "\(file.name) does not say how many attention heads it has.")
        }
        dimensions = WhisperDimensions(
            melBands: size("encoder/conv1/weight", 1), audioPositions: size("encoder/position_encodings/encodings", 0),
            textPositions: size("decoder/position_encodings/encodings", 0), width: size("decoder/embeddings/weight", 1),
            heads: count, encoderLayers: Self.layers(of: "encoder", in: file),
            decoderLayers: Self.layers(of: "decoder", in: file), vocabulary: size("decoder/embeddings/weight", 0))
        try dimensions.check(file.name)
    }

    private static func layers(of part: String, in file: CTranslate2File) -> Int {
        var count = 0
        while file["\(part)/layer_\(count)/ffn/linear_0/weight"] != nil { count += 1 }
        return count
    }

    private var width: Int { dimensions.width }

    func convolution(_ index: Int) throws(ModelImportError) -> WhisperLinear {
        try linear("encoder/conv\(index + 1)", [width, index == 0 ? dimensions.melBands : width, 3])
    }

    func audioPositions() throws(ModelImportError) -> WhisperWeight {
        try weight("encoder/position_encodings/encodings", [dimensions.audioPositions, width])
    }

    func textPositions() throws(ModelImportError) -> WhisperWeight {
        try weight("decoder/position_encodings/encodings", [dimensions.textPositions, width])
    }

    func tokens() throws(ModelImportError) -> WhisperWeight {
        try weight("decoder/embeddings/weight", [dimensions.vocabulary, width])
    }

    func encoderLayer(_ index: Int) throws(ModelImportError) -> WhisperEncoderLayer {
        let layer = "encoder/layer_\(index)/"
        return WhisperEncoderLayer(attention: try selfAttention(layer), feedForward: try feedForward(layer))
    }

    func encoderNorm() throws(ModelImportError) -> WhisperNorm {
        try norm("encoder/layer_norm")
    }

    func decoderLayer(_ index: Int) throws(ModelImportError) -> WhisperDecoderLayer {
        let layer = "decoder/layer_\(index)/"
        let cross = layer + "attention/"
        return WhisperDecoderLayer(
            attention: try selfAttention(layer),
            crossAttention: WhisperCrossAttention(
                norm: try norm(cross + "layer_norm"), query: try linear(cross + "linear_0", [width, width]),
                keyValue: try linear(cross + "linear_1", [2 * width, width]),
                output: try linear(cross + "linear_2", [width, width])),
            feedForward: try feedForward(layer))
    }

    func decoderNorm() throws(ModelImportError) -> WhisperNorm {
        try norm("decoder/layer_norm")
    }

    private func selfAttention(_ layer: String) throws(ModelImportError) -> WhisperSelfAttention {
        WhisperSelfAttention(
            norm: try norm(layer + "self_attention/layer_norm"),
            queryKeyValue: try linear(layer + "self_attention/linear_0", [3 * width, width]),
            output: try linear(layer + "self_attention/linear_1", [width, width]))
    }

    private func feedForward(_ layer: String) throws(ModelImportError) -> WhisperFeedForward {
        let inner = file[layer + "ffn/linear_0/weight"]?.shape.first ?? 0
        return WhisperFeedForward(
            norm: try norm(layer + "ffn/layer_norm"), expansion: try linear(layer + "ffn/linear_0", [inner, width]),
            contraction: try linear(layer + "ffn/linear_1", [width, inner]))
    }

    private func linear(_ name: String, _ shape: [Int]) throws(ModelImportError) -> WhisperLinear {
        WhisperLinear(weight: try weight(name + "/weight", shape), bias: try weight(name + "/bias", [shape[0]]))
    }

    private func norm(_ name: String) throws(ModelImportError) -> WhisperNorm {
        WhisperNorm(scale: try weight(name + "/gamma", [width]), shift: try weight(name + "/beta", [width]))
    }

    private func weight(_ name: String, _ shape: [Int]) throws(ModelImportError) -> WhisperWeight {
        guard let variable = file[name] else {
            throw ModelImportError(.malformed, "\(file.name) has no weights '\(name)'.")
        }
        guard let type = variable.type.weightType else {
            throw ModelImportError(
                .unsupported,
                "\(file.name) has weights of 8 or 16 whole bits. Convert the model with --quantization float16.")
        }
        guard variable.shape == shape else {
            throw ModelImportError(
                .malformed, "\(file.name): '\(name)' has the shape \(variable.shape) where \(shape) is expected.")
        }
        return WhisperWeight(name: name, type: type, shape: shape, data: variable.data)
    }
}

extension CTranslate2File.ElementType {
    /// The types that weights are computed with.
    fileprivate var weightType: IRElementType? {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .i8, .i16, .i32: nil
        }
    }
}
