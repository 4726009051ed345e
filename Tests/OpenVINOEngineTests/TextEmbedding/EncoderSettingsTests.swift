import Inference
import OpenVINOEngine
import TestSupport
import Testing

@Suite("What an encoder's folder says")
struct EncoderSettingsTests {
    private func settings(_ files: [String: String]) throws -> EncoderSettings {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try EncoderSettings(folder: folder.path)
    }

    @Test("a folder that says nothing gives mean pooling and 512 tokens")
    func defaults() throws {
        let settings = try settings([:])
        #expect(settings.pooling == .mean)
        #expect(settings.maximumLength == 512)
        #expect(settings.vocabularySize == nil)
        #expect(settings.paddingToken == 0)
    }

    @Test("the sentence model's length comes first, then the shorter of the others")
    func length() throws {
        let config = #"{"max_position_embeddings": 512, "vocab_size": 30522}"#
        let tokenizer = #"{"model_max_length": 384}"#
        #expect(
            try settings([
                "config.json": config, "tokenizer_config.json": tokenizer,
                "sentence_bert_config.json": #"{"max_seq_length": 256, "do_lower_case": false}"#,
            ]).maximumLength == 256)
        #expect(try settings(["config.json": config, "tokenizer_config.json": tokenizer]).maximumLength == 384)
        #expect(try settings(["config.json": config]).maximumLength == 512)
        #expect(try settings(["config.json": #"{"n_positions": 8192}"#]).maximumLength == 8192)
    }

    @Test("nomic's kind reads more than what its length was in training; others do not")
    func trainedLength() throws {
        let both = #""max_position_embeddings": 2048, "n_positions": 8192"#
        #expect(try settings(["config.json": #"{"model_type": "nomic_bert", \#(both)}"#]).maximumLength == 8192)
        #expect(try settings(["config.json": "{\(both)}"]).maximumLength == 2048)
    }

    @Test("a text is no longer than the positions of what was converted, whatever else says so")
    func plannedLength() throws {
        let place = #"{"type": "f32", "offset": 0, "shape": [130, 8]}"#
        let norm = #"{"scale": \#(place), "shift": \#(place)}"#
        func plan(_ positions: String) -> String {
            """
            {"width": 8, "innerWidth": 8, "heads": 1, "activation": "gelu", "epsilon": 1e-12, "firstPosition": 2,
             "words": \(place), \(positions), "embeddingNorm": \(norm), "layers": []}
            """
        }
        let sentence = ["sentence_bert_config.json": #"{"max_seq_length": 8192}"#]
        for (positions, expected) in [
            (#""positions": \#(place)"#, 128), (#""rotation": {"base": 1000, "length": 2048}"#, 2048),
            (#""rotation": {"base": 1000, "length": 1000000}"#, 8192),
        ] {
            let files = sentence.merging(["encoder.json": plan(positions)]) { $1 }
            #expect(try settings(files).maximumLength == expected)
        }
    }

    @Test("a tokenizer without a limit of its own, which writes 10^30, sets none")
    func unlimitedTokenizer() throws {
        let tokenizer = #"{"model_max_length": 1000000000000000019884624838656}"#
        #expect(
            try settings(["config.json": #"{"max_position_embeddings": 128}"#, "tokenizer_config.json": tokenizer])
                .maximumLength == 128)
    }

    @Test("RoBERTa's positions begin behind its padding token")
    func robertaPositions() throws {
        let config = #"{"model_type": "xlm-roberta", "max_position_embeddings": 514, "pad_token_id": 1}"#
        let settings = try settings(["config.json": config])
        #expect(settings.maximumLength == 512)
        #expect(settings.paddingToken == 1)
    }

    @Test(
        "the pooling is the one that is true",
        arguments: [
            ("cls_token", Pooling.firstToken), ("mean_tokens", .mean), ("max_tokens", .maximum),
            ("lasttoken", .lastToken), ("mean_sqrt_len_tokens", .mean),
        ])
    func pooling(mode: String, expected: Pooling) throws {
        var members = ["cls_token", "mean_tokens", "max_tokens", "lasttoken", "mean_sqrt_len_tokens"].map {
            "\"pooling_mode_\($0)\": \($0 == mode)"
        }
        members.append("\"word_embedding_dimension\": 384")
        #expect(try settings(["pooling.json": "{\(members.joined(separator: ", "))}"]).pooling == expected)
    }

    @Test("the pooling may be given by its name")
    func poolingByName() throws {
        #expect(try settings(["pooling.json": #"{"pooling_mode": "cls"}"#]).pooling == .firstToken)
    }

    @Test(
        "a pooling that is not known is refused",
        arguments: [
            #"{"pooling_mode": "attention"}"#, #"{"pooling_mode_weightedmean_tokens": true}"#,
            #"{"pooling_mode_cls_token": true, "pooling_mode_max_tokens": true}"#,
        ])
    func unknownPooling(file: String) throws {
        let error = #expect(throws: InferenceError.self) { try settings(["pooling.json": file]) }
        #expect(error?.kind == .unsupported)
    }
}
