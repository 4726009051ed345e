import Foundation
import Inference
import NetworkPlans

/// What a text encoder's folder says about it, in the files that sentence-transformers and transformers write.
package struct EncoderSettings: Sendable, Equatable {
    package var pooling: Pooling
    /// Tokens that a text may have, special tokens included.
    package var maximumLength: Int
    /// Rows of the table of words; `nil` where the folder does not say.
    package var vocabularySize: Int?
    /// What rows are filled up with.
    package var paddingToken: Int32

    /// Reads `pooling.json`, `sentence_bert_config.json`, `tokenizer_config.json` and `config.json`, as far as they
    /// are there.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `unsupported` where the model pools in a way that is not known
    ///   here, `unavailable` where a file cannot be read.
    package init(folder: String) throws(InferenceError) {
        let model = try Self.read(ModelConfiguration.self, folder, "config.json") ?? ModelConfiguration()
        let tokenizer = try Self.read(TokenizerConfiguration.self, folder, "tokenizer_config.json")
        let sentence = try Self.read(SentenceConfiguration.self, folder, "sentence_bert_config.json")
        pooling = try Self.read(PoolingConfiguration.self, folder, "pooling.json")?.pooling() ?? .mean
        // The sentence model's own limit comes first: a model computes longer texts too, but was not trained on them.
        // Tokenizers without a limit write one of 10^30.
        let limits = [model.positions, tokenizer?.length].compactMap(\.self).filter { $0 < 1 << 24 }
        let wanted = sentence?.maxSeqLength ?? limits.min() ?? 512
        // What was converted here has no more positions than its plan says.
        let plan = try Self.read(EncoderPlan.self, folder, EncoderPlan.fileName)
        maximumLength = min(wanted, plan?.maximumLength ?? wanted)
        vocabularySize = model.vocabSize
        paddingToken = Int32(clamping: model.padTokenId ?? 0)
    }

    private static func read<File: Decodable>(
        _ type: File.Type, _ folder: String, _ name: String
    ) throws(InferenceError) -> File? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: data)
        } catch {
            throw InferenceError(.unavailable, "The model's \(name) cannot be read; install the model again.")
        }
    }
}

// The members have the names that they have in the files, but for their underscores.

/// Of `config.json`.
private struct ModelConfiguration: Decodable {
    var modelType: String?
    var vocabSize: Int?
    var padTokenId: Int?
    var maxPositionEmbeddings: Int?
    var nPositions: Int?

    /// Positions that text may take. RoBERTa and its kin count from behind the padding token's id.
    var positions: Int? {
        // Of nomic's kind, `max_position_embeddings` is what it was trained on: it reads more.
        let own = modelType == "nomic_bert" ? nPositions : nil
        guard let all = own ?? maxPositionEmbeddings ?? nPositions else { return nil }
        let offset = Self.offset.contains(modelType ?? "") ? (padTokenId ?? 1) + 1 : 0
        return all > offset ? all - offset : all
    }

    private static let offset: Set = ["roberta", "xlm-roberta", "camembert", "mpnet", "xlm-roberta-xl"]
}

/// Of `tokenizer_config.json`.
private struct TokenizerConfiguration: Decodable {
    // A number too large for an integer where there is no limit.
    var modelMaxLength: Double?

    var length: Int? { modelMaxLength.flatMap { $0 < 1e9 ? Int($0) : nil } }
}

/// Of `sentence_bert_config.json`.
private struct SentenceConfiguration: Decodable {
    var maxSeqLength: Int?
}

/// Of sentence-transformers' `1_Pooling/config.json`.
private struct PoolingConfiguration: Decodable {
    var poolingMode: String?
    var poolingModeClsToken: Bool?
    var poolingModeMeanTokens: Bool?
    var poolingModeMaxTokens: Bool?
    var poolingModeMeanSqrtLenTokens: Bool?
    var poolingModeWeightedmeanTokens: Bool?
    var poolingModeLasttoken: Bool?

    func pooling() throws(InferenceError) -> Pooling? {
        if let name = poolingMode {
            guard let pooling = Pooling(rawValue: name) else { throw unknown(name) }
            return pooling
        }
        if poolingModeWeightedmeanTokens == true { throw unknown("weighted mean") }
        var chosen: [Pooling] = []
        if poolingModeClsToken == true { chosen.append(.firstToken) }
        // The sum over the root of the length is the mean but for its own length, which is made 1 in the end.
        if poolingModeMeanTokens == true || poolingModeMeanSqrtLenTokens == true { chosen.append(.mean) }
        if poolingModeMaxTokens == true { chosen.append(.maximum) }
        if poolingModeLasttoken == true { chosen.append(.lastToken) }
        guard chosen.count <= 1 else {
            throw unknown(chosen.map(\.rawValue).joined(separator: " beside "))
        }
        return chosen.first
    }

    private func unknown(_ name: String) -> InferenceError {
        InferenceError(
            .unsupported,
            "This model makes its vectors by \(name) pooling, which is not supported; mean, cls, max and lasttoken are.",
            parameter: "model")
    }
}
