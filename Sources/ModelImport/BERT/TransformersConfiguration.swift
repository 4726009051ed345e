#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The members of the transformers library's `config.json` that describe an encoder, under their own names.
struct TransformersConfiguration: Decodable {
    var modelType: String?
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

    /// - Throws: `DecodingError` where the bytes are not a JSON object, or a member is of another type.
    init(_ json: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(TransformersConfiguration.self, from: Data(json))
    }
}
