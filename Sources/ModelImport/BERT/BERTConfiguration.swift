import NetworkPlans

/// What `config.json` says of an encoder of the BERT family, in the words of the transformers library.
struct BERTConfiguration: Sendable, Equatable {
    enum Family: String, Sendable {
        case bert
        case roberta
        case xlmRoberta = "xlm-roberta"
        case distilbert
        case nomic = "nomic_bert"

        var numbersPositionsAfterPadding: Bool { self == .roberta || self == .xlmRoberta }
    }

    typealias Activation = EncoderPlan.Activation

    var family: Family
    var layers: Int
    var heads: Int
    /// Components of a token's vector.
    var width: Int
    /// Components inside the feed-forward part.
    var innerWidth: Int
    var vocabulary: Int
    /// Rows of the table of positions, or those that tokens are rotated to.
    var positions: Int
    /// `nil` where positions have a table.
    var rotation: EncoderPlan.Rotation?
    var biases = Biases()
    /// Rows of the table of token types; 0 where there is none.
    var tokenTypes: Int
    var activation: Activation
    /// Added to the variance in layer normalisation.
    var epsilon: Float
    /// The token that fills short texts up.
    var paddingToken: Int

    /// Which products have something added to them.
    struct Biases: Sendable, Equatable {
        var attention = true
        var expansion = true
        var contraction = true
    }

    var headWidth: Int { width / heads }

    /// The row of the table of positions that the first token gets. RoBERTa counts from the row after its padding's.
    var firstPosition: Int { family.numbersPositionsAfterPadding ? paddingToken + 1 : 0 }

    /// No such file has a hundredth of this.
    private static let fileLimit = 4 << 20
    /// Larger numbers than any model has, small enough that products of three do not overflow.
    private static let sizeLimit = 1 << 20

    /// - Throws: ``ModelImportError``: `unsupported` for another kind of model.
    init(_ path: String) throws(ModelImportError) {
        let reader = try FileReader(path)
        try self.init(try reader.readAll(limit: Self.fileLimit), name: reader.name)
    }

    /// - Parameter name: the file's, for messages.
    /// - Throws: as the other.
    init(_ json: [UInt8], name: String) throws(ModelImportError) {
        guard let file = try? TransformersConfiguration(json) else {
            throw ModelImportError(.malformed, "\(name) is not the configuration of a model.")
        }
        guard let kind = file.modelType, let family = Family(rawValue: kind) else {
            throw ModelImportError(
                .unsupported,
                "\(name) describes a model of type '\(file.modelType ?? "?")'. Weights of the types bert, roberta, "
                    + "xlm-roberta, distilbert and nomic_bert can be converted; of others, use an ONNX or OpenVINO "
                    + "export.")
        }
        // Others have layers behind the encoder: rerankers, classifiers, what projects its vectors.
        if let other = file.architectures?.first(where: { !Self.isEncoderAlone($0) }) {
            throw ModelImportError(
                .unsupported,
                "\(name) describes a model with more than an encoder, \(other), which cannot be converted. If it is one "
                    + "for embeddings, use an ONNX or OpenVINO export of it.")
        }
        func size(_ value: Int?, _ key: String, atLeast least: Int = 1) throws(ModelImportError) -> Int {
            guard let value, (least...Self.sizeLimit).contains(value) else {
                throw ModelImportError(.malformed, "\(name) has no sensible '\(key)'.")
            }
            return value
        }
        self.family = family
        layers = try size(file.numHiddenLayers ?? file.nLayers ?? file.nLayer, "num_hidden_layers")
        heads = try size(file.numAttentionHeads ?? file.nHeads ?? file.nHead, "num_attention_heads")
        let isNomic = family == .nomic
        width = try size(file.hiddenSize ?? file.dim ?? file.nEmbd, isNomic ? "n_embd" : "hidden_size")
        innerWidth = try size(
            file.intermediateSize ?? file.hiddenDim ?? file.nInner, isNomic ? "n_inner" : "intermediate_size")
        vocabulary = try size(file.vocabSize, "vocab_size")
        positions = try size(
            // Of nomic's kind, `max_position_embeddings` is what it was trained on: it reads more.
            isNomic ? file.nPositions : file.maxPositionEmbeddings,
            isNomic ? "n_positions" : "max_position_embeddings")
        tokenTypes = family == .distilbert ? 0 : try size(file.typeVocabSize ?? 2, "type_vocab_size", atLeast: 0)
        paddingToken = try size(
            file.padTokenId ?? (family.numbersPositionsAfterPadding ? 1 : 0), "pad_token_id", atLeast: 0)
        epsilon = file.layerNormEps ?? file.layerNormEpsilon ?? 1e-12
        guard epsilon > 0, epsilon < 1 else {
            throw ModelImportError(.malformed, "\(name) has no sensible 'layer_norm_eps'.")
        }
        if isNomic {
            activation = try Self.gateActivation(file.activationFunction, name: name)
        } else {
            activation = try Self.activation(file.hiddenAct ?? file.activation ?? "gelu", name: name)
        }
        guard width % heads == 0 else {
            throw ModelImportError(.malformed, "\(name): \(heads) attention heads do not divide \(width) components.")
        }
        guard firstPosition < positions else {
            throw ModelImportError(.malformed, "\(name) has fewer positions than its padding token asks for.")
        }
        guard file.positionEmbeddingType ?? "absolute" == "absolute", file.isDecoder != true else {
            throw ModelImportError(
                .unsupported,
                "\(name) describes relative positions or a decoder, which cannot be converted. Use an ONNX or OpenVINO "
                    + "export of this model.")
        }
        if isNomic { try addNomic(file, name: name) }
    }

    /// Whether what the transformers library names so is an encoder, perhaps with what it was trained by.
    private static func isEncoderAlone(_ architecture: String) -> Bool {
        ["Model", "ForMaskedLM", "ForPreTraining"].contains { architecture.hasSuffix($0) }
    }

    private static func activation(_ name: String, name file: String) throws(ModelImportError) -> Activation {
        switch name {
        case "gelu": return .gelu
        case "gelu_new", "gelu_fast", "gelu_pytorch_tanh": return .approximateGELU
        case "relu": return .relu
        default:
            throw ModelImportError(.unsupported, "\(file) names the activation '\(name)', which is not known here.")
        }
    }
}
