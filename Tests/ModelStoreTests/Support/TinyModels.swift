import TestSupport

/// `config.json` and `model.safetensors` of a BERT encoder of one layer, four components wide, whose weights are all
/// one number.
enum TinyBERT {
    static let configuration = """
        {"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 4, "vocab_size": 6,
         "intermediate_size": 4, "max_position_embeddings": 8, "type_vocab_size": 2, "hidden_act": "gelu",
         "layer_norm_eps": 1e-12}
        """

    static func weights(_ value: Float = 0.5) -> [UInt8] {
        var tensors = [
            ("embeddings.word_embeddings.weight", [6, 4]), ("embeddings.position_embeddings.weight", [8, 4]),
            ("embeddings.token_type_embeddings.weight", [2, 4]),
        ]
        let layer = "encoder.layer.0."
        for name in [
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            "intermediate.dense", "output.dense",
        ] {
            tensors += [(layer + name + ".weight", [4, 4]), (layer + name + ".bias", [4])]
        }
        for name in ["embeddings.", layer + "attention.output.", layer + "output."] {
            tensors += [(name + "LayerNorm.weight", [4]), (name + "LayerNorm.bias", [4])]
        }
        var file = SafetensorsBuilder()
        for (name, shape) in tensors { file.add(name, shape, Array(repeating: value, count: shape.reduce(1, *))) }
        return file.bytes()
    }
}

/// A network in ncnn's format that doubles a picture's size, by one convolution of all the same weights.
enum TinyNetwork {
    static let param = """
        7767517
        3 3
        Input            data   0 1 data
        Convolution      conv   1 1 data blocks 0=12 1=3 4=1 5=1 6=324
        PixelShuffle     pixels 1 1 blocks output 0=2

        """

    static func weights(_ value: Float = 0.1) -> [UInt8] {
        let number = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        // A word of zero says that f32 weights follow.
        return [0, 0, 0, 0] + (0..<(324 + 12)).flatMap { _ in number }
    }
}
