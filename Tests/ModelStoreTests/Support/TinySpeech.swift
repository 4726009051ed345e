import TestSupport

/// A Whisper model in CTranslate2's format, of one layer each and two components a vector, whose weights are all ones.
enum TinySpeech {
    static let tokenizer = """
        {"added_tokens": [
         {"id": 0, "content": "<|endoftext|>"}, {"id": 1, "content": "<|startoftranscript|>"},
         {"id": 2, "content": "<|en|>"}, {"id": 3, "content": "<|translate|>"},
         {"id": 4, "content": "<|transcribe|>"}, {"id": 5, "content": "<|startoflm|>"},
         {"id": 6, "content": "<|startofprev|>"}, {"id": 7, "content": "<|nospeech|>"},
         {"id": 8, "content": "<|notimestamps|>"}]}
        """

    static func weights() -> [UInt8] {
        var shapes: [(String, [Int])] = [
            ("encoder/conv1/weight", [2, 2, 3]), ("encoder/conv1/bias", [2]), ("encoder/conv2/weight", [2, 2, 3]),
            ("encoder/conv2/bias", [2]), ("encoder/position_encodings/encodings", [4, 2]),
            ("decoder/position_encodings/encodings", [4, 2]), ("decoder/embeddings/weight", [12, 2]),
        ]
        for part in ["encoder/", "decoder/"] {
            let layer = part + "layer_0/"
            var linears = [("self_attention/linear_0", 6), ("self_attention/linear_1", 2)]
            linears += [("ffn/linear_0", 2), ("ffn/linear_1", 2)]
            var norms = [part + "layer_norm", layer + "self_attention/layer_norm", layer + "ffn/layer_norm"]
            if part == "decoder/" {
                linears += [("attention/linear_0", 2), ("attention/linear_1", 4), ("attention/linear_2", 2)]
                norms.append(layer + "attention/layer_norm")
            }
            for (name, outputs) in linears {
                shapes += [(layer + name + "/weight", [outputs, 2]), (layer + name + "/bias", [outputs])]
            }
            shapes += norms.flatMap { [($0 + "/gamma", [2]), ($0 + "/beta", [2])] }
        }
        var file = CTranslate2Builder()
        for (name, shape) in shapes { file.add(name, shape, Array(repeating: 1, count: shape.reduce(1, *))) }
        for part in ["encoder", "decoder"] { file.add(part + "/num_heads", [], [1], as: .i16) }
        return file.bytes()
    }
}
