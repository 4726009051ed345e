import ModelImport

/// Encoders of two layers with made-up weights, by the same rule as Reference/bert_golden.py has it.
struct TinyEncoder {
    enum Family: String {
        case bert
        case roberta
        case distilbert
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
    /// What all weights are multiplied by.
    var scale: Float = 1

    var configuration: String {
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
        var tensors = [
            ("embeddings.word_embeddings.weight", [TinyEncoder.words, width]),
            ("embeddings.position_embeddings.weight", [positions, width]),
        ]
        switch family {
        case .bert: tensors.append(("embeddings.token_type_embeddings.weight", [2, width]))
        case .roberta: tensors.append(("embeddings.token_type_embeddings.weight", [1, width]))
        case .distilbert: break
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

    static func values(_ shape: [Int], number: Int) -> [Float] {
        (0..<shape.reduce(1, *)).map { Float(($0 * $0 * 7 + $0 * 37 + number * 101) % 257 - 128) / 256 }
    }

    /// Writes `config.json` and `model.safetensors`.
    func write(to folder: String) throws {
        var file = SafetensorsBuilder()
        for (number, tensor) in tensors.enumerated() {
            let values = Self.values(tensor.shape, number: number).map { $0 * scale }
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
