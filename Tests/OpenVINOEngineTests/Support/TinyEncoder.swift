import Foundation
import Inference
import OpenVINOEngine
import OpenVINORuntime
import TestSupport

/// A text encoder that can be computed in one's head: a token's state is its row of a table, plus the sum of the rows
/// of all tokens of the text. The sum shows whether padding is left out and texts are kept apart.
struct TinyEncoder {
    let folder: TemporaryFolder

    /// Of `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]` and the words `a` to `h`.
    static let table: [[Float]] = [
        [9, 9, 9, 9], [3, -1, 2, 0], [1, 0, 0, 1], [0, 1, -1, 0],
        [2, 1, 0, 0], [0, 3, 1, 0], [-1, 0, 4, 1], [1, 1, 1, 1],
        [0, -2, 0, 3], [5, 0, 0, -1], [0, 0, 2, 2], [1, -1, 1, -4],
    ]
    static let (first, last): (Int32, Int32) = (2, 3)

    static func token(_ word: Character) -> Int32 {
        Int32(word.unicodeScalars.first?.value ?? 0) - 97 + 4
    }

    /// The tokens of a text of words such as `a b`.
    static func tokens(_ text: String) -> [Int32] {
        [first] + text.filter { $0 != " " }.map(token) + [last]
    }

    /// - Parameters:
    ///   - limit: tokens that a text may have.
    ///   - types: of the graph's inputs.
    ///   - pooling: the member of `pooling.json` that is true; `nil` leaves the file out.
    ///   - shape: of the inputs.
    init(
        limit: Int = 16, types: String = "i64", pooling: String? = nil, hasMoreInputs: Bool = false,
        shape: [Int] = [-1, -1]
    ) throws {
        folder = try TemporaryFolder()
        let width = Self.table[0].count
        var graph = TinyGraph(name: "encoder")
        let tokens = graph.input("input_ids", types, shape)
        let mask = graph.input("attention_mask", types, shape)
        let table = graph.constant(Self.table.flatMap(\.self), "f32", [Self.table.count, width])
        let axes = (0..<3).map { graph.constant([Int64($0)], "i64", [1]) }
        let axis = graph.constant([Int64(0)], "i64", [])
        let states = shape + [width]
        let rows = graph.layer("Gather", [table, tokens, axis], "f32", states, ["batch_dims": "0"], opset: 8)
        let real = graph.layer("Convert", [mask], "f32", shape, ["destination_type": "f32"])
        let column = graph.layer("Unsqueeze", [real, axes[2]], "f32", shape + [1])
        let kept = graph.layer("Multiply", [rows, column], "f32", states, ["auto_broadcast": "numpy"])
        let sum = graph.layer("ReduceSum", [kept, axes[1]], "f32", [shape[0], 1, width], ["keep_dims": "true"])
        var output = graph.layer(
            "Add", [rows, sum], "f32", states, ["auto_broadcast": "numpy"],
            name: hasMoreInputs ? "sums" : "last_hidden_state")
        if hasMoreInputs {
            // Types and positions shift every component; positions begin at 0, so the first token shows the rest.
            for name in ["token_type_ids", "position_ids"] {
                let input = graph.input(name, types, shape)
                let number = graph.layer("Convert", [input], "f32", shape, ["destination_type": "f32"])
                let spread = graph.layer("Unsqueeze", [number, axes[2]], "f32", shape + [1])
                output = graph.layer(
                    "Add", [output, spread], "f32", states, ["auto_broadcast": "numpy"],
                    name: name == "position_ids" ? "last_hidden_state" : "typed")
            }
        }
        graph.result(output)
        try folder.write("model.xml", graph.xml)
        try folder.write("model.bin", graph.weights)
        try folder.write("tokenizer.json", Self.tokenizer)
        try folder.write("config.json", #"{"vocab_size": 12, "pad_token_id": 0, "max_position_embeddings": 512}"#)
        try folder.write("sentence_bert_config.json", #"{"max_seq_length": \#(limit)}"#)
        if let pooling { try folder.write("pooling.json", "{\"\(pooling)\": true}") }
    }

    func configuration(
        threads: Int = 2, requestLimit: Int = 72, shortensVectors: Bool = false
    ) -> OpenVINOEngine.Configuration {
        .init(
            folder: folder.path, capability: .embeddings, modelDigest: "tiny", threads: threads,
            maximumThreads: threads, precision: .f32, requestLimit: requestLimit, shortensVectors: shortensVectors)
    }

    private static let tokenizer = """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [
           {"id": 0, "content": "[PAD]", "special": true, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false},
           {"id": 2, "content": "[CLS]", "special": true, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false},
           {"id": 3, "content": "[SEP]", "special": true, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false}],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                        "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
           "pair": [],
           "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                              "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
         "decoder": null,
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100,
                   "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "a": 4, "b": 5, "c": 6, "d": 7,
                             "e": 8, "f": 9, "g": 10, "h": 11}}}
        """
}

/// What the tiny encoder's graph and poolings mean, in plain sums over the table.
enum TinyVectors {
    static func states(_ tokens: [Int32]) -> [[Float]] {
        let rows = tokens.map { TinyEncoder.table[Int($0)] }
        let sum = rows.reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
        return rows.map { zip($0, sum).map(+) }
    }

    static func mean(_ text: String) -> [Float] { mean(TinyEncoder.tokens(text)) }

    static func mean(_ tokens: [Int32]) -> [Float] {
        unit(states(tokens).reduce([0, 0, 0, 0]) { zip($0, $1).map(+) })
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
        return vector.map { $0 / length }
    }
}

extension Embeddings {
    var rows: [[Float]] {
        stride(from: 0, to: values.count, by: dimensions).map { Array(values[$0..<$0 + dimensions]) }
    }
}

/// Whether all components agree to a millionth of the vectors' length.
func agree(_ first: [Float], _ second: [Float]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) < 1e-6 }
}
