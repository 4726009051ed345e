import Foundation
import ModelImport
import OpenVINORuntime
import TestSupport
import Testing

@Suite("Converting Whisper")
struct WhisperImportTests {
    /// Keys and values of cross-attention are multiplied in bf16, which has steps of 1/256: scores differ by 0.0007.
    private static let limit: Float = 0.005

    private func expect(_ values: [Float], near golden: [Float], within limit: Float = limit) throws {
        try #require(values.count == golden.count)
        let difference = zip(values, golden).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(difference < limit)
    }

    @Test("Scores of a prompt's last token, and of another that is named, are numpy's")
    func prompt() throws {
        try withFolder { folder in
            try TinyWhisper.convert(in: folder)
            let model = try RunningWhisper(folder)
            let tokens = WhisperGolden.tokens
            try expect(model.scores([tokens]), near: WhisperGolden.scores[tokens.count - 1])
            try model.restart()
            try expect(model.scores([tokens], position: 1), near: WhisperGolden.scores[1])
        }
    }

    @Test("Tokens one after another give the scores of all at once")
    func continued() throws {
        try withFolder { folder in
            try TinyWhisper.convert(in: folder)
            let model = try RunningWhisper(folder)
            let tokens = WhisperGolden.tokens
            try expect(model.scores([Array(tokens[..<2])]), near: WhisperGolden.scores[1])
            for index in 2..<tokens.count {
                try expect(model.scores([[tokens[index]]]), near: WhisperGolden.scores[index])
            }
        }
    }

    @Test("Rows go on with the row that the order names, also where rows come and go")
    func rows() throws {
        try withFolder { folder in
            try TinyWhisper.convert(in: folder)
            let model = try RunningWhisper(folder)
            let tokens = WhisperGolden.tokens
            _ = try model.scores([Array(tokens[..<2])])
            _ = try model.scores([[5], [tokens[2]], [7]], order: [0, 0, 0])
            let scores = try model.scores([[9], [tokens[3]]], order: [2, 1])
            try expect(Array(scores[TinyWhisper.vocabulary...]), near: WhisperGolden.scores[3])
            try expect(model.scores([[tokens[4]]], order: [1]), near: WhisperGolden.scores[4])
        }
    }

    @Test("The alignment heads' shares are numpy's, sorted by layer and head")
    func aligner() throws {
        try withFolder { folder in
            try TinyWhisper.convert(in: folder)
            let model = try RunningWhisper(folder)
            try expect(model.shares(WhisperGolden.tokens), near: WhisperGolden.shares, within: 0.002)
        }
    }

    @Test("Weights of 32 bits and bf16 give the same graphs' numbers, where they have the same values")
    func otherWidths() throws {
        for width in [CTranslate2Builder.Width.f32, .bf16] {
            try withFolder { folder in
                try TinyWhisper.convert(in: folder, as: width)
                let tokens = WhisperGolden.tokens
                try expect(RunningWhisper(folder).scores([tokens]), near: WhisperGolden.scores[tokens.count - 1])
            }
        }
    }

    @Test("The transformers library's files give the weights, and the description, of CTranslate2's")
    func transformers() throws {
        try withFolder { first in
            try withFolder { second in
                try TinyWhisper.convert(in: first)
                try write(TinyWhisper.safetensors().bytes(), second + "/model.safetensors")
                try write(TinyWhisper.transformersConfiguration, second + "/config.json")
                try write(TinyWhisper.generation, second + "/generation_config.json")
                try write(TinyWhisper.tokenizer, second + "/tokenizer.json")
                try WhisperImport.convert(
                    weights: second + "/model.safetensors", descriptions: second, into: second)
                for name in ["/encoder.bin", "/decoder.bin", "/aligner.bin", "/whisper.json"] {
                    #expect(try contents(first + name) == contents(second + name), "\(name)")
                }
            }
        }
    }

    @Test(
        "The description has the sizes, the steering tokens, languages by their present codes, and the heads in order")
    func description() throws {
        try withFolder { folder in
            try TinyWhisper.convert(in: folder)
            let text = String(decoding: try contents(folder + "/whisper.json"), as: UTF8.self)
            let wanted = """
                {"alignmentHeads":[[0,1],[1,1]],"audioPositions":6,"decoderLayers":2,"encoderLayers":2,"firstLanguage":22,\
                "heads":2,"isMultilingual":true,"languages":["en","he"],"melBands":4,"suppressed":[1,3],\
                "suppressedAtBeginning":[0,20],"textPositions":16,"tokens":{"endOfText":20,"firstTimestamp":30,\
                "noSpeech":28,"noTimestamps":29,"startOfLM":26,"startOfPrevious":27,"startOfTranscript":21,\
                "transcribe":25,"translate":24},"vocabulary":40,"width":8}

                """
            #expect(text == wanted)
        }
    }

    @Test("A model of the English vocabulary's size is of one language; without heads the last half of layers is taken")
    func defaults() throws {
        try withFolder { folder in
            try write(TinyWhisper.ctranslate2().bytes(), folder + "/model.bin")
            try write("{}", folder + "/config.json")
            try write(TinyWhisper.tokenizer, folder + "/tokenizer.json")
            try WhisperImport.convert(weights: folder + "/model.bin", descriptions: folder, into: folder)
            let text = String(decoding: try contents(folder + "/whisper.json"), as: UTF8.self)
            #expect(text.contains(#""isMultilingual":false,"languages":["en"]"#))
            #expect(text.contains(#""alignmentHeads":[[1,0],[1,1]]"#))
        }
    }

    @Test("The same files give the same bytes")
    func deterministic() throws {
        try withFolder { first in
            try withFolder { second in
                try TinyWhisper.convert(in: first)
                try TinyWhisper.convert(in: second)
                for name in ["encoder", "decoder", "aligner"].flatMap({ ["/\($0).xml", "/\($0).bin"] }) {
                    #expect(try contents(first + name) == contents(second + name))
                }
            }
        }
    }
}

/// The converted graphs, run in f32 on one thread over the golden spectrogram.
private final class RunningWhisper {
    private let encoder: InferenceRequest
    private let decoderModel: CompiledModel
    private let alignerModel: CompiledModel
    private var decoder: InferenceRequest

    init(_ folder: String) throws {
        let core = try Core()
        // Vectors stay as they are: by default some CPUs multiply them in 8 bits too.
        let options = CompileOptions(
            device: .cpu, precision: .f32, threads: 1, streams: 1,
            properties: ["DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"])
        func compile(_ name: String) throws -> CompiledModel {
            try core.compile(core.read("\(folder)/\(name).xml"), options)
        }
        encoder = try compile("encoder").makeRequest()
        decoderModel = try compile("decoder")
        alignerModel = try compile("aligner")
        decoder = try decoderModel.makeRequest()
        let mel = try Tensor<Float>(shape: [1, TinyWhisper.bands, 2 * TinyWhisper.audioPositions])
        mel.withMutableElements { elements in
            for index in elements.indices { elements[index] = Float((index * 29) % 64 - 32) / 32 }
        }
        try encoder.setInput("mel", mel)
        try encoder.infer()
        try restart()
    }

    /// A new request has no memory of a text.
    func restart() throws {
        decoder = try decoderModel.makeRequest()
        try hear(decoder, decoderModel)
    }

    private func hear(_ request: InferenceRequest, _ model: CompiledModel) throws {
        for input in try model.inputs where input.name.hasPrefix("cross_") {
            try request.setInput(input.name, encoder.outputTensor(input.name))
        }
    }

    /// Those of all rows, one after another.
    func scores(_ rows: [[Int64]], order: [Int32] = [0], position: Int64 = -1) throws -> [Float] {
        try decoder.setInput("tokens", tensor(rows.flatMap(\.self), [rows.count, rows[0].count]))
        try decoder.setInput("row_order", tensor(order, [order.count]))
        try decoder.setInput("position", tensor([position], [1]))
        try decoder.infer()
        return try decoder.output("logits", as: Float.self).withElements { Array($0) }
    }

    func shares(_ tokens: [Int64]) throws -> [Float] {
        let request = try alignerModel.makeRequest()
        try hear(request, alignerModel)
        try request.setInput("tokens", tensor(tokens, [1, tokens.count]))
        try request.infer()
        return try request.output("weights", as: Float.self).withElements { Array($0) }
    }

    private func tensor<Element: TensorElement>(_ values: [Element], _ shape: [Int]) throws -> Tensor<Element> {
        let tensor = try Tensor<Element>(shape: shape)
        tensor.withMutableElements { _ = $0.update(fromContentsOf: values) }
        return tensor
    }
}
