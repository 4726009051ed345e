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
        let variables = shapes.map { name, shape in
            let count = shape.reduce(1, *)
            // f16, in which 1 is 0x3C00.
            return header(name, shape, type: 4, bytes: 2 * count)
                + (0..<count).flatMap { _ in [0x00, 0x3C] as [UInt8] }
        }
        let heads = ["encoder", "decoder"].map { header($0 + "/num_heads", [], type: 2, bytes: 2) + [1, 0] }
        return integer(6) + text("WhisperSpec") + integer(3) + integer(variables.count + heads.count)
            + (variables + heads).flatMap(\.self) + integer(0)
    }

    private static func header(_ name: String, _ shape: [Int], type: UInt8, bytes: Int) -> [UInt8] {
        text(name) + [UInt8(shape.count)] + shape.flatMap(integer) + [type] + integer(bytes)
    }

    private static func text(_ text: String) -> [UInt8] {
        withUnsafeBytes(of: UInt16(text.utf8.count + 1).littleEndian) { Array($0) } + Array(text.utf8) + [0]
    }

    private static func integer(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
    }
}
