import ModelImport
import Testing

@Suite("Refusing what is no encoder of the BERT family")
struct BERTRefusalTests {
    private func error(configuration: String, of encoder: TinyEncoder = TinyEncoder(family: .bert)) throws
        -> ModelImportError?
    {
        try withFolder { folder in
            try encoder.write(to: folder)
            try write(configuration, folder + "/config.json")
            return #expect(throws: ModelImportError.self) {
                try BERTImport.convert(
                    configuration: folder + "/config.json", weights: folder + "/model.safetensors", into: folder)
            }
        }
    }

    private func edited(_ text: String, _ replacement: String) -> String {
        TinyEncoder(family: .bert).configuration.replacing(text, with: replacement)
    }

    @Test("Another kind of model is named, with what can be done")
    func otherKind() throws {
        let error = try error(configuration: edited(#""bert""#, #""nomic_bert""#))
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("'nomic_bert'") == true)
        #expect(error?.message.contains("ONNX") == true)
    }

    @Test(
        "A configuration that makes no sense is refused",
        arguments: [
            ("\"num_attention_heads\": 2", "\"num_attention_heads\": 3"),
            ("\"num_attention_heads\": 2", "\"num_attention_heads\": 0"),
            ("\"hidden_size\": 8", "\"hidden_size\": -8"),
            ("\"hidden_size\": 8", "\"hidden_size\": 9223372036854775807"),
            ("\"vocab_size\": 20,", ""),
            ("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": 0"),
        ])
    func nonsense(text: String, replacement: String) throws {
        #expect(try error(configuration: edited(text, replacement))?.kind == .malformed)
    }

    @Test("A file that is no configuration is refused")
    func noConfiguration() throws {
        #expect(try error(configuration: "[]")?.kind == .malformed)
        #expect(try error(configuration: "")?.kind == .malformed)
    }

    @Test("Weights that are missing or of another shape are named")
    func otherWeights() throws {
        let more = try error(configuration: edited("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"))
        #expect(more?.message.contains("'encoder.layer.2.attention.self.query.weight'") == true)
        let wider = try error(configuration: edited("\"intermediate_size\": 12", "\"intermediate_size\": 16"))
        #expect(wider?.message.contains("[12, 8] where config.json asks for [16, 8]") == true)
        let other = try error(
            configuration: TinyEncoder(family: .bert).configuration, of: TinyEncoder(family: .distilbert))
        #expect(other?.kind == .malformed)
    }

    @Test("Relative positions, decoders and unknown activations are refused")
    func unsupported() throws {
        for addition in [
            "{\"position_embedding_type\": \"relative_key\",", "{\"is_decoder\": true,",
        ] {
            #expect(try error(configuration: edited("{", addition))?.kind == .unsupported)
        }
        #expect(try error(configuration: edited("\"gelu\"", "\"swish9\""))?.kind == .unsupported)
    }
}
