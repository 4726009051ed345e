import NetworkPlans

/// Encoders of the BERT family, from the weights that the transformers library saves to OpenVINO IR.
package enum BERTImport {
    /// Whether a `config.json` describes an encoder that can be converted.
    package static func accepts(_ configuration: [UInt8]) -> Bool {
        (try? BERTConfiguration(configuration, name: "config.json")) != nil
    }

    /// Writes `model.xml`, `model.bin` and `encoder.json` (``EncoderPlan``). The graph's inputs are `input_ids` and
    /// `attention_mask`, i64 of shape [texts, tokens]; its output is `last_hidden_state`, f32 of shape [texts, tokens,
    /// width]. Texts are filled up at their ends, where the mask is 0. Where the model knows token types, every token is
    /// of type 0.
    ///
    /// - Parameters:
    ///   - configuration: the path of `config.json`.
    ///   - weights: the path of `model.safetensors`.
    ///   - folder: an existing folder.
    /// - Throws: ``ModelImportError``.
    package static func convert(
        configuration: String, weights: String, into folder: String
    ) throws(ModelImportError) {
        let configuration = try BERTConfiguration(configuration)
        let weights = try BERTWeights(SafetensorsFile(weights), configuration)
        var encoder = BERTGraph(configuration)
        try encoder.build(weights)
        let places = try encoder.graph.write(to: folder)
        try EncoderPlan(configuration, weights, places).write(to: folder)
    }
}
