import Foundation
import HalfNetworks
import ModelImport
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

/// Encoders computed in binary16 from what the import writes, against their graphs in OpenVINO and 32 bits.
@Suite(
    "Encoders in 16 bits",
    .enabled(if: HalfArithmetic.isAvailable, "this processor does not compute in 16 bits (AVX512-FP16)"))
struct HalfEncoderTests {
    /// Texts of many lengths: one token, whole and broken blocks of rows, keys and values, and more than a cache's worth.
    private static let lengths = [1, 2, 3, 11, 12, 13, 16, 17, 31, 64, 65, 97, 130, 200, 254]

    private static let texts = lengths.map { length in
        (0..<length).map { Int32(($0 * $0 * 5 + $0 * 3 + length) % TinyEncoder.words) }
    }

    /// Of two heads.
    private static func tiny(
        _ family: TinyEncoder.Family, _ activation: String = "gelu", width: Int = 64, hasBiases: Bool = false
    ) -> TinyEncoder {
        TinyEncoder(
            family: family, activation: activation, width: width, inner: 3 * width, positions: 256,
            hasBiases: hasBiases, scale: 0.5 * (64 / Float(width)).squareRoot())
    }

    /// The graph's states of one text.
    private func states(_ text: [Int32], _ request: InferenceRequest) throws -> [Float] {
        func tensor(_ numbers: [Int64]) throws -> Tensor<Int64> {
            let tensor = try Tensor<Int64>(shape: [1, numbers.count])
            tensor.withMutableElements { for (index, number) in numbers.enumerated() { $0[index] = number } }
            return tensor
        }
        try request.setInput("input_ids", tensor(text.map(Int64.init)))
        try request.setInput("attention_mask", tensor(text.map { _ in 1 }))
        try request.infer()
        let output: Tensor<Float> = try request.output("last_hidden_state")
        return output.withElements(Array.init)
    }

    @Test(
        "An encoder gives its graph's states, whatever the texts' lengths",
        arguments: [
            tiny(.bert), tiny(.bert, "gelu_new"), tiny(.roberta), tiny(.distilbert, "relu"), tiny(.bert, width: 128),
            tiny(.bert, width: 192), tiny(.nomic, "swiglu"), tiny(.nomic, "geglu", width: 128),
            tiny(.nomic, "swiglu", hasBiases: true), tiny(.nomic, "swiglu", width: 192),
            tiny(.nomic, "swiglu", width: 256),
        ])
    func states(_ tiny: TinyEncoder) throws {
        try withFolder { folder in
            try tiny.convert(in: folder)
            let encoder = try #require(try TextEncoder(folder: folder))
            #expect(encoder.width == tiny.width)
            #expect(encoder.vocabularySize == TinyEncoder.words)
            #expect(encoder.maximumLength == (tiny.family == .roberta ? 254 : 256))
            let core = try Core()
            let request = try core.compile(
                core.read(folder + "/model.xml"), CompileOptions(precision: .f32, threads: 1)
            ).makeRequest()
            let expected = try Self.texts.flatMap { try states($0, request) }
            let workspace = EncoderWorkspace()
            let alone = try #require(encoder.states(of: Self.texts, in: workspace))
            try #require(alone.count == expected.count)
            let largest = expected.map(abs).max() ?? 0
            let error = zip(alone, expected).map { abs($0 - $1) }.max() ?? 0
            // Eleven binary digits, over two layers of some ten roundings each.
            #expect(error < largest * 0.01)

            let team = ComputeTeam(threads: 3)
            let together = encoder.states(of: Self.texts, in: workspace, team: team, threads: 3)
            #expect(together == alone)
            // Neither the other texts nor their order matter.
            let oneByOne = Self.texts.reversed().map { encoder.states(of: [$0], in: workspace) ?? [] }
            #expect(oneByOne.reversed().flatMap(\.self) == alone)
        }
    }

    @Test("Weights of 16 bits are read as such")
    func narrowWeights() throws {
        var states: [[Float]] = []
        for width in [SafetensorsBuilder.Width.f32, .f16, .bf16] {
            try withFolder { folder in
                var tiny = Self.tiny(.bert)
                // Values of few digits, so that all three hold the same.
                tiny.scale = 0.5
                tiny.weights = width
                try tiny.convert(in: folder)
                let encoder = try #require(try TextEncoder(folder: folder))
                states.append(try #require(encoder.states(of: [[3, 1, 4, 1, 5]], in: EncoderWorkspace())))
            }
        }
        #expect(states[1] == states[0])
        #expect(states[2] == states[0])
    }

    @Test("An encoder whose sizes are not made of registers is left to its graph")
    func sizes() throws {
        try withFolder { folder in
            try TinyEncoder(family: .bert).convert(in: folder)
            #expect(try TextEncoder(folder: folder) == nil)
        }
    }

    @Test(
        "Numbers that leave the range are told of, wherever they do",
        arguments: [tiny(.bert), tiny(.bert, "gelu_new"), tiny(.bert, "relu"), tiny(.nomic, "swiglu")])
    func range(_ tiny: TinyEncoder) throws {
        try withFolder { folder in
            var tiny = tiny
            tiny.scale = 2000
            try tiny.convert(in: folder)
            let encoder = try #require(try TextEncoder(folder: folder))
            for length in [1, 2, 64, 130] {
                let text = (0..<length).map { Int32($0 % TinyEncoder.words) }
                #expect(encoder.states(of: [text], in: EncoderWorkspace()) == nil)
            }
        }
    }

    @Test("Gates that leave the range by themselves are told of", arguments: ["fc11", "fc12"])
    func rangeOfGates(_ matrix: String) throws {
        try withFolder { folder in
            var tiny = Self.tiny(.nomic, "swiglu")
            let text = (0..<20).map { Int32($0 % TinyEncoder.words) }
            for (scale, isFinite) in [(Float(1), true), (100_000, false)] {
                tiny.scales = [matrix: scale]
                try tiny.convert(in: folder)
                let encoder = try #require(try TextEncoder(folder: folder))
                #expect((encoder.states(of: [text], in: EncoderWorkspace()) != nil) == isFinite)
            }
        }
    }

    @Test("A text may be as long as there are positions", arguments: [tiny(.bert), tiny(.nomic, "swiglu")])
    func longest(_ tiny: TinyEncoder) throws {
        try withFolder { folder in
            try tiny.convert(in: folder)
            let encoder = try #require(try TextEncoder(folder: folder))
            let text = (0..<encoder.maximumLength).map { Int32($0 % TinyEncoder.words) }
            let states = try #require(encoder.states(of: [text], in: EncoderWorkspace()))
            let core = try Core()
            let request = try core.compile(
                core.read(folder + "/model.xml"), CompileOptions(precision: .f32, threads: 1)
            ).makeRequest()
            let expected = try self.states(text, request)
            let error = zip(states, expected).map { abs($0 - $1) }.max() ?? 1
            #expect(error < (expected.map(abs).max() ?? 0) * 0.01)
        }
    }

    @Test("A folder without a plan has no such encoder, and a damaged one is refused")
    func damaged() throws {
        try withFolder { folder in
            #expect(try TextEncoder(folder: folder) == nil)
            try Self.tiny(.bert).convert(in: folder)
            let weights = try contents(folder + "/model.bin")
            try write(Array(weights.dropLast(64)), folder + "/model.bin")
            #expect(throws: (any Error).self) { try TextEncoder(folder: folder) }
            try write("{\"width\": 64}", folder + "/encoder.json")
            #expect(throws: (any Error).self) { try TextEncoder(folder: folder) }
            // Without layers nothing bounds the sizes.
            try Self.tiny(.bert).convert(in: folder)
            var plan = String(decoding: try contents(folder + "/encoder.json"), as: UTF8.self)
            let layers = try #require(plan.range(of: "\"layers\":["))
            let end = try #require(plan.range(of: "}}}],", range: layers.upperBound..<plan.endIndex))
            plan.replaceSubrange(layers.upperBound..<end.lowerBound, with: "")
            plan = plan.replacing("[}}}],", with: "[],").replacing(
                "\"innerWidth\":192", with: "\"innerWidth\":70368744177664")
            try write(plan, folder + "/encoder.json")
            #expect(try TextEncoder(folder: folder) == nil)
        }
    }
}
