import ModelImport
import TestSupport

/// A Whisper model of two layers each with made-up weights, by the same rule as Reference/whisper_golden.py has it.
///
/// Each row of a matrix has 127/256 as its largest, and whole 256ths: 8 bits hold it exactly.
struct TinyWhisper {
    static let width = 8
    static let heads = 2
    static let bands = 4
    static let audioPositions = 6
    static let textPositions = 16
    static let inner = 12
    static let vocabulary = 40

    static let tokenizer = """
        {"added_tokens": [
         {"id": 20, "content": "<|endoftext|>"}, {"id": 21, "content": "<|startoftranscript|>"},
         {"id": 22, "content": "<|en|>"}, {"id": 23, "content": "<|iw|>"}, {"id": 24, "content": "<|translate|>"},
         {"id": 25, "content": "<|transcribe|>"}, {"id": 26, "content": "<|startoflm|>"},
         {"id": 27, "content": "<|startofprev|>"}, {"id": 28, "content": "<|nocaptions|>"},
         {"id": 29, "content": "<|notimestamps|>"}]}
        """
    static let configuration = """
        {"alignment_heads": [[1, 1], [0, 1]], "suppress_ids": [3, 1], "suppress_ids_begin": [0, 20], "is_multilingual": true}
        """
    static let transformersConfiguration = """
        {"model_type": "whisper", "num_mel_bins": 4, "max_source_positions": 6, "max_target_positions": 16, "d_model": 8,
         "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_layers": 2, "decoder_layers": 2,
         "vocab_size": 40}
        """
    static let generation = """
        {"alignment_heads": [[1, 1], [0, 1]], "suppress_tokens": [3, 1], "begin_suppress_tokens": [0, 20],
         "is_multilingual": true}
        """

    typealias Weights = (name: String, shape: [Int], values: [Float])

    /// CTranslate2's names, in the order that numbers the weights. The keys' biases are zero.
    static let weights: [Weights] = {
        var shapes: [(String, [Int])] = [
            ("encoder/conv1/weight", [width, bands, 3]), ("encoder/conv1/bias", [width]),
            ("encoder/conv2/weight", [width, width, 3]), ("encoder/conv2/bias", [width]),
            ("encoder/position_encodings/encodings", [audioPositions, width]),
            ("decoder/position_encodings/encodings", [textPositions, width]),
            ("decoder/embeddings/weight", [vocabulary, width]),
        ]
        func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> [(String, [Int])] {
            [(name + "/weight", [outputs, inputs]), (name + "/bias", [outputs])]
        }
        func norm(_ name: String) -> [(String, [Int])] { [(name + "/gamma", [width]), (name + "/beta", [width])] }
        for part in ["encoder", "decoder"] {
            for index in 0..<2 {
                let layer = "\(part)/layer_\(index)/"
                shapes += norm(layer + "self_attention/layer_norm")
                shapes += linear(layer + "self_attention/linear_0", width, 3 * width)
                shapes += linear(layer + "self_attention/linear_1", width, width)
                if part == "decoder" {
                    shapes += norm(layer + "attention/layer_norm") + linear(layer + "attention/linear_0", width, width)
                    shapes += linear(layer + "attention/linear_1", width, 2 * width)
                    shapes += linear(layer + "attention/linear_2", width, width)
                }
                shapes += norm(layer + "ffn/layer_norm") + linear(layer + "ffn/linear_0", width, inner)
                shapes += linear(layer + "ffn/linear_1", inner, width)
            }
            shapes += norm(part + "/layer_norm")
        }
        return shapes.enumerated().map { number, entry in
            (entry.0, entry.1, values(entry.0, entry.1, number: number))
        }
    }()

    private static func values(_ name: String, _ shape: [Int], number: Int) -> [Float] {
        let row = shape.count == 1 ? 0 : shape.dropFirst().reduce(1, *)
        let keyBias =
            name.hasSuffix("self_attention/linear_0/bias")
            ? width..<2 * width
            : name.hasSuffix("/attention/linear_1/bias") ? 0..<width : 0..<0
        return (0..<shape.reduce(1, *)).map { index in
            if keyBias.contains(index) { return 0 }
            if row > 0, index % row == 0 { return 127.0 / 256 }
            return Float((index * index * 7 + index * 37 + number * 101) % 255 - 127) / 256
        }
    }

    static func weights(_ name: String) -> Weights? { weights.first { $0.name == name } }
}

extension TinyWhisper {
    static func ctranslate2(as width: CTranslate2Builder.Width = .f16) -> CTranslate2Builder {
        var file = CTranslate2Builder()
        for weights in weights { file.add(weights.name, weights.shape, weights.values, as: width) }
        file.add("encoder/num_heads", [], [Float(heads)], as: .i16)
        file.add("decoder/num_heads", [], [Float(heads)], as: .i16)
        file.aliases = [("decoder/projection/weight", "decoder/embeddings/weight")]
        return file
    }

    /// Under the transformers library's names, with the joined projections apart.
    static func safetensors() -> SafetensorsBuilder {
        var file = SafetensorsBuilder()
        let names = [
            "self_attention/layer_norm": "self_attn_layer_norm", "self_attention/linear_1": "self_attn.out_proj",
            "attention/layer_norm": "encoder_attn_layer_norm", "attention/linear_0": "encoder_attn.q_proj",
            "attention/linear_2": "encoder_attn.out_proj", "ffn/layer_norm": "final_layer_norm", "ffn/linear_0": "fc1",
            "ffn/linear_1": "fc2", "layer_norm": "layer_norm", "conv1": "conv1", "conv2": "conv2",
            "position_encodings": "embed_positions", "embeddings": "embed_tokens",
        ]
        let joined = [
            "self_attention/linear_0": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            "attention/linear_1": ["encoder_attn.k_proj", "encoder_attn.v_proj"],
        ]
        for weights in weights {
            var parts = weights.name.split(separator: "/").map(String.init)
            var place = "model.\(parts.removeFirst())."
            let kind = ["weight": "weight", "gamma": "weight", "encodings": "weight"][parts.removeLast()] ?? "bias"
            if let layer = parts.first, layer.hasPrefix("layer_"), layer != "layer_norm" {
                place += "layers.\(layer.dropFirst("layer_".count))."
                parts.removeFirst()
            }
            let role = parts.joined(separator: "/")
            guard let targets = joined[role] else {
                file.add(place + (names[role] ?? role) + "." + kind, weights.shape, weights.values, as: .f16)
                continue
            }
            let size = weights.values.count / targets.count
            for (index, target) in targets.enumerated() where !(kind == "bias" && target.hasSuffix("k_proj")) {
                file.add(
                    place + target + "." + kind, [width] + weights.shape.dropFirst(),
                    Array(weights.values[index * size..<(index + 1) * size]), as: .f16)
            }
        }
        return file
    }

    /// Writes CTranslate2's files to a folder and converts them there.
    static func convert(in folder: String, as width: CTranslate2Builder.Width = .f16) throws {
        try write(ctranslate2(as: width).bytes(), folder + "/model.bin")
        try write(configuration, folder + "/config.json")
        try write(tokenizer, folder + "/tokenizer.json")
        try WhisperImport.convert(weights: folder + "/model.bin", descriptions: folder, into: folder)
    }
}
