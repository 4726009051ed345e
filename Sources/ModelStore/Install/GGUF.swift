import Inference

/// The file format of llama.cpp's models, as far as telling what a model does and needs
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
enum GGUF {
    /// What a file's metadata say.
    struct Description: Sendable, Equatable {
        var capability: Capability = .chat
        /// Tokens that the model was trained for.
        var contextLength: Int?
        /// The count of weights, such as `3.8B`.
        var sizeLabel: String?
        var license: String?
        var languages: [String]?
        /// Of keys and values, in 16 bits.
        var cacheBytesPerToken: Int?
    }

    /// Architectures that turn texts into vectors and do nothing else.
    private static let encoders: Set = [
        "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "modern-bert", "neo-bert", "eurobert",
        "gemma-embedding",
    ]

    /// Reads the metadata as far as they can be read: of a file that is none, nothing.
    static func description(_ path: String) -> Description {
        var texts: [String: String] = [:]
        var numbers: [String: [Int]] = [:]
        var lists: [String: [String]] = [:]
        if var reader = try? GGUFReader(path) {
            while let (key, value) = try? reader.next() {
                switch value {
                case .text(let text): texts[key] = text
                case .integers(let values): numbers[key] = values
                case .texts(let values): lists[key] = values
                case .other: continue
                }
            }
        }
        let architecture = texts["general.architecture"] ?? ""
        func number(_ key: String) -> Int? { numbers["\(architecture).\(key)"]?.first }
        var description = Description()
        // 1 to 3 are mean, first and last token. 0 is none, 4 a score of two texts.
        let pools = numbers.contains { $0.key.hasSuffix(".pooling_type") && (1...3).contains($0.value.first ?? 0) }
        // It embeds where its architecture is an encoder's, or where it says how the vectors of its tokens are pooled.
        if encoders.contains(architecture) || pools { description.capability = .embeddings }
        description.contextLength = number("context_length").flatMap { $0 > 0 ? $0 : nil }
        description.sizeLabel = texts["general.size_label"].flatMap { $0.isCountOfWeights ? $0 : nil }
        description.license = texts["general.license"].flatMap { $0.isPlain ? $0 : nil }
        description.languages = lists["general.languages"].flatMap { list in
            list.count <= 100 && list.allSatisfy(\.isPlain) ? list : nil
        }
        description.cacheBytesPerToken = cacheBytesPerToken(
            layers: number("block_count"), heads: number("attention.head_count"),
            keyValueHeads: numbers["\(architecture).attention.head_count_kv"], width: number("embedding_length"),
            keyLength: number("attention.key_length"), valueLength: number("attention.value_length"))
        return description
    }

    private static func cacheBytesPerToken(
        layers: Int?, heads: Int?, keyValueHeads: [Int]?, width: Int?, keyLength: Int?, valueLength: Int?
    ) -> Int? {
        let small = 1...(1 << 20)
        guard let layers, small.contains(layers), let heads, small.contains(heads), let width, small.contains(width)
        else { return nil }
        let headLength = keyLength ?? width / heads
        let length = headLength + (valueLength ?? headLength)
        // Layers may differ: in some there is no attention.
        let list = keyValueHeads ?? [heads]
        guard list.allSatisfy({ 0...(1 << 16) ~= $0 }), small.contains(length) else { return nil }
        let all = list.count == 1 ? list[0] * layers : list.reduce(0, +)
        return 2 * all * length
    }
}

extension String {
    /// Whether it is a count as people write it, `135M` or `3.8B`.
    fileprivate var isCountOfWeights: Bool {
        guard let unit = last, "KMBT".contains(unit), let number = Double(dropLast()) else { return false }
        return number > 0
    }

    /// Whether it can be shown and written down as it is.
    fileprivate var isPlain: Bool {
        !isEmpty && utf8.count <= 64 && utf8.allSatisfy { (32...126).contains($0) }
    }
}
