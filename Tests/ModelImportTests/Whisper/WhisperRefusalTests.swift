import ModelImport
import TestSupport
import Testing

@Suite("Refusing what is no Whisper model")
struct WhisperRefusalTests {
    private func refusal(
        _ weights: [UInt8], tokenizer: String = TinyWhisper.tokenizer, configuration: String = TinyWhisper.configuration
    ) throws -> ModelImportError? {
        try withFolder { folder in
            try write(weights, folder + "/model.bin")
            try write(configuration, folder + "/config.json")
            try write(tokenizer, folder + "/tokenizer.json")
            return #expect(throws: ModelImportError.self) {
                try WhisperImport.convert(weights: folder + "/model.bin", descriptions: folder, into: folder)
            }
        }
    }

    @Test("A file that ends too early is refused wherever it ends")
    func truncated() throws {
        let bytes = TinyWhisper.ctranslate2().bytes()
        for count in Array(0..<200) + stride(from: 200, to: bytes.count, by: 97) {
            try withFolder { folder in
                try write(Array(bytes[..<count]), folder + "/model.bin")
                let error = #expect(throws: ModelImportError.self) { try CTranslate2File(folder + "/model.bin") }
                #expect(error?.kind == .malformed, "\(count)")
            }
        }
    }

    @Test("Bytes behind the last variable are refused")
    func trailing() throws {
        #expect(try refusal(TinyWhisper.ctranslate2().bytes() + [0])?.kind == .malformed)
    }

    @Test("Lengths that no file has are refused without taking memory for them")
    func hugeLengths() throws {
        var file = CTranslate2Builder()
        file.add("a", [Int(UInt32.max), Int(UInt32.max), Int(UInt32.max)], type: 4, [])
        #expect(try refusal(file.bytes())?.kind == .malformed)
        file = CTranslate2Builder()
        file.add("a", [1 << 30], type: 4, [], announcing: 1 << 31)
        #expect(try refusal(file.bytes())?.kind == .malformed)
        #expect(try refusal(CTranslate2Builder().bytes(announcing: .max))?.kind == .malformed)
    }

    @Test("A variable whose bytes do not fit its shape, of an unknown type, or there twice, is refused")
    func unfit() throws {
        for (shape, type, bytes, times) in [([3], 4, 4, 1), ([1], 9, 2, 1), ([1], 4, 3, 1), ([1], 4, 2, 2)] {
            var file = CTranslate2Builder()
            for _ in 0..<times {
                file.add("a", shape, type: UInt8(type), [UInt8](repeating: 0, count: bytes))
            }
            #expect(try refusal(file.bytes())?.kind == .malformed)
        }
    }

    @Test("A name that stands for nothing is refused")
    func alias() throws {
        var file = TinyWhisper.ctranslate2()
        file.aliases = [("a", "b")]
        #expect(try refusal(file.bytes())?.kind == .malformed)
    }

    @Test("Another version of the format, and another kind of model, are said to be so")
    func others() throws {
        var file = TinyWhisper.ctranslate2()
        file.version = 5
        #expect(try refusal(file.bytes())?.kind == .unsupported)
        file = TinyWhisper.ctranslate2()
        file.specification = "TransformerSpec"
        let error = try refusal(file.bytes())
        #expect(error?.kind == .unsupported && error?.message.contains("TransformerSpec") == true)
    }

    @Test("Weights of whole 8 bits are refused, with what to do instead")
    func wholeNumbers() throws {
        var file = CTranslate2Builder()
        for weights in TinyWhisper.weights {
            let isMatrix = weights.name.hasSuffix("linear_0/weight")
            file.add(
                weights.name, weights.shape, isMatrix ? weights.values.map { _ in 1 } : weights.values,
                as: isMatrix ? .i8 : .f16)
        }
        for part in ["encoder", "decoder"] { file.add(part + "/num_heads", [], [2], as: .i16) }
        let error = try refusal(file.bytes())
        #expect(error?.kind == .unsupported && error?.message.contains("float16") == true)
    }

    @Test("A tokenizer without Whisper's tokens, or with tokens beyond the model's, is refused")
    func tokenizer() throws {
        let weights = TinyWhisper.ctranslate2().bytes()
        let without = TinyWhisper.tokenizer.replacing("<|transcribe|>", with: "<|write|>")
        #expect(try refusal(weights, tokenizer: without)?.message.contains("<|transcribe|>") == true)
        let beyond = TinyWhisper.tokenizer.replacing("\"id\": 29", with: "\"id\": 39")
        #expect(try refusal(weights, tokenizer: beyond)?.kind == .malformed)
        #expect(try refusal(weights, tokenizer: "[]")?.kind == .malformed)
    }

    @Test("Alignment heads that the model has not are refused")
    func heads() throws {
        for pair in ["[2, 0]", "[0, 2]", "[-1, 0]", "[1]"] {
            let error = try refusal(
                TinyWhisper.ctranslate2().bytes(), configuration: "{\"alignment_heads\": [\(pair)]}")
            #expect(error?.kind == .malformed)
        }
    }
}
