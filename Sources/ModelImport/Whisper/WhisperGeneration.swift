/// What a model's files say of how texts are made with it: CTranslate2's `config.json` or the transformers library's
/// `generation_config.json`, each under its own names.
struct WhisperGeneration: Decodable {
    /// Whether the model was trained on other languages than English; `nil` where the files do not say it.
    var isMultilingual: Bool?
    private var suppressIds: [Int]?
    private var suppressIdsBegin: [Int]?
    private var suppressTokens: [Int]?
    private var beginSuppressTokens: [Int]?
    private var alignmentHeadPairs: [[Int]]?

    private enum CodingKeys: String, CodingKey {
        case isMultilingual, suppressIds, suppressIdsBegin, suppressTokens, beginSuppressTokens
        case alignmentHeadPairs = "alignmentHeads"
    }

    /// Tokens that are never chosen: signs that are not spoken, and those that steer the model.
    func suppressed(below vocabulary: Int) -> [Int] {
        tokens(suppressIds ?? suppressTokens, below: vocabulary)
    }

    /// Tokens that are not chosen first: a blank, and the end.
    func suppressedAtBeginning(below vocabulary: Int) -> [Int] {
        tokens(suppressIdsBegin ?? beginSuppressTokens, below: vocabulary)
    }

    private func tokens(_ list: [Int]?, below vocabulary: Int) -> [Int] {
        Set(list ?? []).filter { (0..<vocabulary).contains($0) }.sorted()
    }

    /// The heads of cross-attention that follow the sound, by layer and head. Where the files name none, all heads of
    /// the second half of the layers, as OpenAI's reference takes them.
    ///
    /// - Throws: ``ModelImportError`` of kind `malformed` where a head is named that the model has not.
    func alignmentHeads(_ dimensions: WhisperDimensions) throws(ModelImportError) -> [WhisperHead] {
        guard let pairs = alignmentHeadPairs, !pairs.isEmpty else {
            return (dimensions.decoderLayers / 2..<dimensions.decoderLayers).flatMap { layer in
                (0..<dimensions.heads).map { WhisperHead(layer: layer, head: $0) }
            }
        }
        var heads: Set<WhisperHead> = []
        for pair in pairs {
            guard pair.count == 2, (0..<dimensions.decoderLayers).contains(pair[0]),
                (0..<dimensions.heads).contains(pair[1])
            else { throw ModelImportError(.malformed, "The alignment head \(pair) is none of the model's heads.") }
            heads.insert(WhisperHead(layer: pair[0], head: pair[1]))
        }
        return heads.sorted { ($0.layer, $0.head) < ($1.layer, $1.head) }
    }
}

/// A head of a decoder layer's cross-attention.
struct WhisperHead: Sendable, Hashable {
    var layer: Int
    var head: Int
}
