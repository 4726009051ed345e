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
        let error = try error(configuration: edited(#""bert""#, #""modernbert""#))
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("'modernbert'") == true)
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

    @Test("A model that classifies texts is no encoder of them")
    func classifier() throws {
        let error = try error(
            configuration: edited("{", "{\"architectures\": [\"BertForSequenceClassification\"],"))
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("BertForSequenceClassification") == true)
        // What was trained to fill gaps in is the same encoder.
        try withFolder { folder in
            try TinyEncoder(family: .bert).write(to: folder)
            try write(edited("{", "{\"architectures\": [\"BertForMaskedLM\"],"), folder + "/config.json")
            try BERTImport.convert(
                configuration: folder + "/config.json", weights: folder + "/model.safetensors", into: folder)
        }
    }

    private static let nomic = TinyEncoder(family: .nomic, activation: "swiglu")

    @Test(
        "Variants of nomic's encoder that compute something else are refused, and named as such",
        arguments: [
            ("\"rotary_emb_fraction\": 1.0", "\"rotary_emb_fraction\": 0.5"),
            ("\"rotary_emb_fraction\": 1.0,", ""),
            ("\"rotary_emb_interleaved\": false", "\"rotary_emb_interleaved\": true"),
            ("\"rotary_emb_scale_base\": null", "\"rotary_emb_scale_base\": 512"),
            ("\"prenorm\": false", "\"prenorm\": true"),
            ("\"parallel_block\": false", "\"parallel_block\": true"),
            ("\"use_rms_norm\": false", "\"use_rms_norm\": true"), ("\"causal\": false", "\"causal\": true"),
            ("\"causal\": false", "\"moe_every_n_layers\": 2"), ("\"causal\": false", "\"norm_mlp\": true"),
            ("\"swiglu\"", "\"gelu\""),
        ])
    func otherNomic(text: String, replacement: String) throws {
        let configuration = Self.nomic.configuration
        try #require(configuration.contains(text))
        let error = try error(configuration: configuration.replacing(text, with: replacement), of: Self.nomic)
        #expect(error?.kind == .unsupported)
    }

    @Test(
        "A configuration of nomic's kind that makes no sense is refused before anything is allocated",
        arguments: [
            ("\"rotary_emb_base\": 1000", "\"rotary_emb_base\": 0"), ("\"rotary_emb_base\": 1000,", ""),
            ("\"n_head\": 2", "\"n_head\": 8"), ("\"n_positions\": 16", "\"n_positions\": 1048577"),
            ("\"n_embd\": 8", "\"n_embd\": 1048576"),
            ("\"rotary_scaling_factor\": null", "\"rotary_scaling_factor\": 2, \"max_trained_positions\": 0"),
        ])
    func nonsenseOfNomic(text: String, replacement: String) throws {
        var configuration = Self.nomic.configuration
        try #require(configuration.contains(text))
        if replacement.contains("max_trained") {
            configuration = configuration.replacing("\"max_trained_positions\": 8,", with: "")
        }
        let error = try error(configuration: configuration.replacing(text, with: replacement), of: Self.nomic)
        #expect(error?.kind == .malformed)
    }

    @Test("Where the base grows with longer texts than were trained, no longer ones are read")
    func scaledRotation() throws {
        try withFolder { folder in
            try Self.nomic.write(to: folder)
            let configuration = Self.nomic.configuration.replacing(
                "\"rotary_scaling_factor\": null", with: "\"rotary_scaling_factor\": 2")
            try write(configuration, folder + "/config.json")
            try BERTImport.convert(
                configuration: folder + "/config.json", weights: folder + "/model.safetensors", into: folder)
            let plan = String(decoding: try contents(folder + "/encoder.json"), as: UTF8.self)
            #expect(plan.contains("\"length\":8"))
        }
    }
}
