#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The members of the transformers library's `config.json` that describe a Whisper model, under their own names.
struct TransformersWhisperConfiguration: Decodable {
    var modelType: String?
    var numMelBins: Int?
    var maxSourcePositions: Int?
    var maxTargetPositions: Int?
    var dModel: Int?
    var encoderAttentionHeads: Int?
    var decoderAttentionHeads: Int?
    var encoderLayers: Int?
    var decoderLayers: Int?
    var vocabSize: Int?

    /// - Throws: ``ModelImportError``: `unsupported` where it describes another kind of model.
    func dimensions() throws(ModelImportError) -> WhisperDimensions {
        guard modelType == "whisper" else {
            throw ModelImportError(
                .unsupported, "config.json describes a model of type '\(modelType ?? "?")', not Whisper.")
        }
        guard encoderAttentionHeads == decoderAttentionHeads else {
            throw ModelImportError(.unsupported, "config.json gives encoder and decoder different attention heads.")
        }
        let dimensions = WhisperDimensions(
            melBands: numMelBins ?? 80, audioPositions: maxSourcePositions ?? 0, textPositions: maxTargetPositions ?? 0,
            width: dModel ?? 0, heads: encoderAttentionHeads ?? 0, encoderLayers: encoderLayers ?? 0,
            decoderLayers: decoderLayers ?? 0, vocabulary: vocabSize ?? 0)
        try dimensions.check("config.json")
        return dimensions
    }
}
