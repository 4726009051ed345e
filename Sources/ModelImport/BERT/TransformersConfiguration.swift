#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The members of the transformers library's `config.json` that describe an encoder, under their own names.
struct TransformersConfiguration: Decodable {
    var modelType: String?
    var architectures: [String]?
    var numHiddenLayers: Int?
    var numAttentionHeads: Int?
    var hiddenSize: Int?
    var intermediateSize: Int?
    var vocabSize: Int?
    var maxPositionEmbeddings: Int?
    var typeVocabSize: Int?
    var hiddenAct: String?
    var layerNormEps: Float?
    var padTokenId: Int?
    var positionEmbeddingType: String?
    var isDecoder: Bool?

    // DistilBERT's own names for some of these.
    var nLayers: Int?
    var nHeads: Int?
    var dim: Int?
    var hiddenDim: Int?
    var activation: String?

    // nomic-bert's own names, most of them GPT-2's.
    var nLayer: Int?
    var nHead: Int?
    var nEmbd: Int?
    var nInner: Int?
    var nPositions: Int?
    var maxTrainedPositions: Int?
    var layerNormEpsilon: Float?
    var activationFunction: String?
    var qkvProjBias: Bool?
    var mlpFc1Bias: Bool?
    var mlpFc2Bias: Bool?
    var rotaryEmbBase: Float?
    var rotaryEmbFraction: Float?
    var rotaryEmbInterleaved: Bool?
    var rotaryEmbScaleBase: Float?
    var rotaryScalingFactor: Float?
    var ropeParameters: RopeParameters?
    var prenorm: Bool?
    var parallelBlock: Bool?
    var useRmsNorm: Bool?
    var normMlp: Bool?
    var causal: Bool?
    var moeEveryNLayers: Int?

    struct RopeParameters: Decodable {
        var ropeType: String?
        var ropeTheta: Float?
    }

    /// - Throws: `DecodingError` where the bytes are not a JSON object, or a member is of another type.
    init(_ json: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(TransformersConfiguration.self, from: Data(json))
    }
}
