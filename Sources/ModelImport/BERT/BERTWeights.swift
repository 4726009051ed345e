/// The weights of a BERT encoder by their roles, out of a file that has them under the transformers library's names.
struct BERTWeights {
    private let file: SafetensorsFile
    private let configuration: BERTConfiguration
    /// What stands before every name: nothing, or the encoder's name within a larger model.
    private let prefix: String

    private static let wordTable = "embeddings.word_embeddings.weight"

    /// - Throws: ``ModelImportError`` of kind `malformed` where the file holds no such encoder.
    init(_ file: SafetensorsFile, _ configuration: BERTConfiguration) throws(ModelImportError) {
        self.file = file
        self.configuration = configuration
        let prefixes = ["", "bert.", "roberta.", "distilbert.", "nomic_bert.", "model."]
        guard let prefix = prefixes.first(where: { file[$0 + Self.wordTable] != nil }) else {
            throw ModelImportError(
                .malformed,
                "\(file.name) has no '\(Self.wordTable)', so it is not the \(configuration.family.rawValue) encoder "
                    + "that config.json describes.")
        }
        self.prefix = prefix
    }

    /// A matrix or vector of a role.
    struct Weight {
        var tensor: SafetensorsFile.Tensor
        var name: String
    }

    /// A matrix of shape [outputs, inputs] and the vector added to its product, where there is one.
    struct Linear {
        var weight: Weight
        var bias: Weight?
    }

    struct Norm {
        var scale: Weight
        var shift: Weight
    }

    /// One layer's weights, with the names that the family has for them.
    struct Layer {
        var query: Linear
        var key: Linear
        var value: Linear
        var attentionOutput: Linear
        var attentionNorm: Norm
        var expansion: Linear
        var gate: Linear?
        var contraction: Linear
        var outputNorm: Norm
    }

    /// Rows of a table: words, positions or token types.
    func table(_ name: String, rows: Int) throws(ModelImportError) -> Weight {
        try weight("embeddings.\(name).weight", [rows, configuration.width])
    }

    func embeddingNorm() throws(ModelImportError) -> Norm {
        try norm(configuration.family == .nomic ? "emb_ln" : "embeddings.LayerNorm")
    }

    func layer(_ index: Int) throws(ModelImportError) -> Layer {
        let width = configuration.width
        let inner = configuration.innerWidth
        if configuration.family == .nomic { return try nomicLayer("encoder.layers.\(index).") }
        if configuration.family == .distilbert {
            let layer = "transformer.layer.\(index)."
            return Layer(
                query: try linear(layer + "attention.q_lin", width, width),
                key: try linear(layer + "attention.k_lin", width, width),
                value: try linear(layer + "attention.v_lin", width, width),
                attentionOutput: try linear(layer + "attention.out_lin", width, width),
                attentionNorm: try norm(layer + "sa_layer_norm"),
                expansion: try linear(layer + "ffn.lin1", width, inner),
                contraction: try linear(layer + "ffn.lin2", inner, width),
                outputNorm: try norm(layer + "output_layer_norm"))
        }
        let layer = "encoder.layer.\(index)."
        return Layer(
            query: try linear(layer + "attention.self.query", width, width),
            key: try linear(layer + "attention.self.key", width, width),
            value: try linear(layer + "attention.self.value", width, width),
            attentionOutput: try linear(layer + "attention.output.dense", width, width),
            attentionNorm: try norm(layer + "attention.output.LayerNorm"),
            expansion: try linear(layer + "intermediate.dense", width, inner),
            contraction: try linear(layer + "output.dense", inner, width),
            outputNorm: try norm(layer + "output.LayerNorm"))
    }

    /// Queries, keys and values are one matrix; `fc12` is the gate.
    private func nomicLayer(_ layer: String) throws(ModelImportError) -> Layer {
        let (width, inner, biases) = (configuration.width, configuration.innerWidth, configuration.biases)
        let projection = try linear(layer + "attn.Wqkv", width, 3 * width, isAdded: biases.attention)
        return Layer(
            query: projection.rows(0..<width, named: "query"),
            key: projection.rows(width..<2 * width, named: "key"),
            value: projection.rows(2 * width..<3 * width, named: "value"),
            attentionOutput: try linear(layer + "attn.out_proj", width, width, isAdded: biases.attention),
            attentionNorm: try norm(layer + "norm1"),
            expansion: try linear(layer + "mlp.fc11", width, inner, isAdded: biases.expansion),
            gate: try linear(layer + "mlp.fc12", width, inner, isAdded: biases.expansion),
            contraction: try linear(layer + "mlp.fc2", inner, width, isAdded: biases.contraction),
            outputNorm: try norm(layer + "norm2"))
    }

    private func linear(
        _ name: String, _ inputs: Int, _ outputs: Int, isAdded: Bool = true
    ) throws(ModelImportError) -> Linear {
        Linear(
            weight: try weight(name + ".weight", [outputs, inputs]),
            bias: isAdded ? try weight(name + ".bias", [outputs]) : nil)
    }

    /// Files from before 2019 say `gamma` and `beta`.
    private func norm(_ name: String) throws(ModelImportError) -> Norm {
        let isOld = file[prefix + name + ".weight"] == nil && file[prefix + name + ".gamma"] != nil
        return Norm(
            scale: try weight(name + (isOld ? ".gamma" : ".weight"), [configuration.width]),
            shift: try weight(name + (isOld ? ".beta" : ".bias"), [configuration.width]))
    }

    private func weight(_ name: String, _ shape: [Int]) throws(ModelImportError) -> Weight {
        guard let tensor = file[prefix + name] else {
            throw ModelImportError(.malformed, "\(file.name) has no weights '\(prefix + name)' of 16 or 32 bits.")
        }
        guard tensor.shape == shape else {
            throw ModelImportError(
                .malformed,
                "\(file.name): '\(prefix + name)' has the shape \(tensor.shape) where config.json asks for \(shape).")
        }
        return Weight(tensor: tensor, name: name)
    }
}

extension BERTWeights.Linear {
    /// Some of the outputs.
    fileprivate func rows(_ range: Range<Int>, named name: String) -> BERTWeights.Linear {
        func part(_ weight: BERTWeights.Weight) -> BERTWeights.Weight {
            BERTWeights.Weight(tensor: weight.tensor.rows(range), name: weight.name + "/" + name)
        }
        return BERTWeights.Linear(weight: part(weight), bias: bias.map(part))
    }
}
