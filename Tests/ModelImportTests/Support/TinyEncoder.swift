import ModelImport
import TestSupport

/// Encoders of two layers with made-up weights, by the same rule as Reference/bert_golden.py has it.
struct TinyEncoder {
    enum Family: String {
        case bert
        case roberta
        case distilbert
        case nomic = "nomic_bert"
    }

    static let width = 8
    static let inner = 12
    static let words = 20
    static let positions = 16

    var family: Family
    var activation = "gelu"
    var weights = SafetensorsBuilder.Width.f32
    var prefix = ""
    var width = TinyEncoder.width
    var inner = TinyEncoder.inner
    var positions = TinyEncoder.positions
    /// Of nomic's kind alone: whether its products have biases.
    var hasBiases = false
    /// What all weights are multiplied by.
    var scale: Float = 1
    /// What the matrices with these words in their names are multiplied by beside that.
    var scales: [String: Float] = [:]

    /// Rows of the two matrices of a feed-forward part with a gate: the reference implementation rounds them up.
    private var gatedInner: Int { (inner + 255) / 256 * 256 }

    var configuration: String {
        guard family != .nomic else {
            return """
                {"model_type": "nomic_bert", "n_layer": 2, "n_head": 2, "n_embd": \(width), "n_inner": \(inner), "vocab_size": 20,
                 "n_positions": \(positions), "max_trained_positions": 8, "activation_function": "\(activation)",
                 "layer_norm_epsilon": 1e-12, "type_vocab_size": 2, "qkv_proj_bias": \(hasBiases),
                 "mlp_fc1_bias": \(hasBiases), "mlp_fc2_bias": \(hasBiases), "rotary_emb_base": 1000,
                 "rotary_emb_fraction": 1.0, "rotary_emb_interleaved": false, "rotary_emb_scale_base": null,
                 "rotary_scaling_factor": null, "prenorm": false, "parallel_block": false, "use_rms_norm": false,
                 "causal": false}
                """
        }
        guard family != .distilbert else {
            return """
                {"model_type": "distilbert", "n_layers": 2, "n_heads": 2, "dim": \(width), "hidden_dim": \(inner), "vocab_size": 20,
                 "max_position_embeddings": \(positions), "activation": "\(activation)", "pad_token_id": 0}
                """
        }
        return """
            {"model_type": "\(family.rawValue)", "num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": \(width),
             "intermediate_size": \(inner), "vocab_size": 20, "max_position_embeddings": \(positions), "layer_norm_eps": 1e-12,
             "hidden_act": "\(activation)", "type_vocab_size": \(family == .bert ? 2 : 1),
             "pad_token_id": \(family == .roberta ? 1 : 0)}
            """
    }

    /// Names and shapes, in the order that numbers them.
    var tensors: [(name: String, shape: [Int])] {
        func norm(_ name: String) -> [(String, [Int])] { [(name + ".weight", [width]), (name + ".bias", [width])] }
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> [(String, [Int])] {
            [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])]
        }
        if family == .nomic { return nomicTensors }
        var tensors = [
            ("embeddings.word_embeddings.weight", [TinyEncoder.words, width]),
            ("embeddings.position_embeddings.weight", [positions, width]),
        ]
        switch family {
        case .bert: tensors.append(("embeddings.token_type_embeddings.weight", [2, width]))
        case .roberta: tensors.append(("embeddings.token_type_embeddings.weight", [1, width]))
        case .distilbert, .nomic: break
        }
        tensors += norm("embeddings.LayerNorm")
        for index in 0..<2 {
            if family == .distilbert {
                let layer = "transformer.layer.\(index)."
                for name in ["q_lin", "k_lin", "v_lin", "out_lin"] {
                    tensors += linear(layer + "attention." + name, width, width)
                }
                tensors += norm(layer + "sa_layer_norm")
                tensors += linear(layer + "ffn.lin1", width, inner) + linear(layer + "ffn.lin2", inner, width)
                tensors += norm(layer + "output_layer_norm")
            } else {
                let layer = "encoder.layer.\(index)."
                for name in ["self.query", "self.key", "self.value", "output.dense"] {
                    tensors += linear(layer + "attention." + name, width, width)
                }
                tensors += norm(layer + "attention.output.LayerNorm")
                tensors += linear(layer + "intermediate.dense", width, inner)
                tensors += linear(layer + "output.dense", inner, width) + norm(layer + "output.LayerNorm")
            }
        }
        return tensors
    }

    private var nomicTensors: [(name: String, shape: [Int])] {
        func norm(_ name: String) -> [(String, [Int])] { [(name + ".weight", [width]), (name + ".bias", [width])] }
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> [(String, [Int])] {
            [(name + ".weight", [outputs, inputs])] + (hasBiases ? [(name + ".bias", [outputs])] : [])
        }
        var tensors = [
            ("embeddings.word_embeddings.weight", [TinyEncoder.words, width]),
            ("embeddings.token_type_embeddings.weight", [2, width]),
        ]
        tensors += norm("emb_ln")
        for index in 0..<2 {
            let layer = "encoder.layers.\(index)."
            tensors += linear(layer + "attn.Wqkv", width, 3 * width) + linear(layer + "attn.out_proj", width, width)
            tensors += norm(layer + "norm1")
            tensors += linear(layer + "mlp.fc11", width, gatedInner) + linear(layer + "mlp.fc12", width, gatedInner)
            tensors += linear(layer + "mlp.fc2", gatedInner, width) + norm(layer + "norm2")
        }
        return tensors
    }

    static func values(_ shape: [Int], number: Int) -> [Float] {
        (0..<shape.reduce(1, *)).map { Float(($0 * $0 * 7 + $0 * 37 + number * 101) % 257 - 128) / 256 }
    }

    /// Writes `config.json` and `model.safetensors`.
    func write(to folder: String) throws {
        var file = SafetensorsBuilder()
        for (number, tensor) in tensors.enumerated() {
            let own = scales.first { tensor.name.contains($0.key) }?.value ?? 1
            let values = Self.values(tensor.shape, number: number).map { $0 * scale * own }
            file.add(prefix + tensor.name, tensor.shape, values, as: weights)
        }
        try ModelImportTests.write(configuration, folder + "/config.json")
        try ModelImportTests.write(file.bytes(), folder + "/model.safetensors")
    }

    /// Writes the files to a folder and converts them there.
    func convert(in folder: String) throws {
        try write(to: folder)
        try BERTImport.convert(
            configuration: folder + "/config.json", weights: folder + "/model.safetensors", into: folder)
    }
}
