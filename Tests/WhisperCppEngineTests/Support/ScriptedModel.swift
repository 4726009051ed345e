import Foundation
import TestSupport

/// A ggml file of a Whisper that hears nothing and says what it was made to say: the smallest model that whisper.cpp
/// decodes with by all of its rules.
///
/// All layers are zero, so that the logits at a position are the products of the tokens' vectors with the position's. A
/// token's vector is 64 random signs, and a position's is that of the token that is to follow it, many times as long.
struct ScriptedModel {
    static let endOfText = 50_256
    /// The first of the tokens for times, of the models for English alone.
    static let firstTime = 50_363
    /// " and" and " so", behind the 256 bytes.
    static let and = 256
    static let so = 257

    var vocabulary = 51_864
    var fileType = 1
    /// What follows each position, from that of the first token.
    var script: [Int]

    private static let width = 64
    private static let positions = 64

    /// Says " and so" in the first second, in English.
    static let english = ScriptedModel(script: [firstTime, and, so, firstTime + 50, endOfText])
    /// Takes every sound for German, and says the same.
    static let german = ScriptedModel(
        vocabulary: 51_865, script: [50_259 + 2, 0, firstTime + 1, and, so, firstTime + 51, endOfText + 1])

    /// Writes the file into a folder and gives its path.
    func write(to folder: TemporaryFolder, _ name: String) throws -> String {
        try folder.write("ggml-\(name).bin", file)
    }

    private var file: Data {
        var file = Data()
        let sizes = [vocabulary, 1_500, Self.width, 1, 1, Self.positions, Self.width, 1, 1, 80, fileType]
        file.append(words: [0x6767_6d6c] + sizes)
        // The bands of the spectrogram, and its frequencies.
        file.append(words: [80, 201])
        file.append(Data(count: 80 * 201 * 4))
        file.append(words: [258])
        for word in (0...255).map({ Data([UInt8($0)]) }) + [Data(" and".utf8), Data(" so".utf8)] {
            file.append(words: [word.count])
            file.append(word)
        }
        appendWeights(to: &file)
        return file
    }

    private func appendWeights(to file: inout Data) {
        let width = Self.width
        file.append(single: "encoder.positional_embedding", [width, 1_500])
        file.append(half: "encoder.conv1.weight", [3, 80, width])
        file.append(single: "encoder.conv1.bias", [1, width])
        file.append(half: "encoder.conv2.weight", [3, width, width])
        file.append(single: "encoder.conv2.bias", [1, width])
        file.append(norm: "encoder.ln_post", width)
        appendBlock("encoder", attentions: ["attn"], to: &file)
        file.append(single: "decoder.positional_embedding", [width, Self.positions], vectorsOfPositions)
        file.append(half: "decoder.token_embedding.weight", [width, vocabulary], (0..<vocabulary).flatMap(Self.vector))
        file.append(norm: "decoder.ln", width)
        appendBlock("decoder", attentions: ["attn", "cross_attn"], to: &file)
    }

    private func appendBlock(_ side: String, attentions: [String], to file: inout Data) {
        let (block, width) = ("\(side).blocks.0", Self.width)
        file.append(norm: "\(block).mlp_ln", width)
        file.append(half: "\(block).mlp.0.weight", [width, 4 * width])
        file.append(single: "\(block).mlp.0.bias", [4 * width])
        file.append(half: "\(block).mlp.2.weight", [4 * width, width])
        file.append(single: "\(block).mlp.2.bias", [width])
        for attention in attentions {
            file.append(norm: "\(block).\(attention)_ln", width)
            for part in ["query", "key", "value", "out"] {
                file.append(half: "\(block).\(attention).\(part).weight", [width, width])
                if part != "key" { file.append(single: "\(block).\(attention).\(part).bias", [width]) }
            }
        }
    }

    private var vectorsOfPositions: [Float] {
        (0..<Self.positions).flatMap { position in
            Self.vector(position < script.count ? script[position] : Self.endOfText).map { 100 * $0 }
        }
    }

    /// As many plus as minus ones, so that a layer norm leaves them as they are.
    private static func vector(_ token: Int) -> [Float] {
        var generator = SeededNumbers(seed: UInt64(token))
        return ([Float](repeating: 1, count: width / 2) + [Float](repeating: -1, count: width / 2))
            .shuffled(using: &generator)
    }
}

extension Data {
    /// In 32 bits, little-endian.
    fileprivate mutating func append(words: [Int]) {
        for word in words { Swift.withUnsafeBytes(of: UInt32(word).littleEndian) { append(contentsOf: $0) } }
    }

    private mutating func append(name: String, _ shape: [Int], type: Int) {
        append(words: [shape.count, name.utf8.count, type] + shape)
        append(contentsOf: name.utf8)
    }

    /// A tensor of f32: zeros unless given.
    fileprivate mutating func append(single name: String, _ shape: [Int], _ values: [Float]? = nil) {
        append(name: name, shape, type: 0)
        let values = values ?? [Float](repeating: 0, count: shape.reduce(1, *))
        values.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// A tensor of f16, whose values are 1, 0 or −1: zeros unless given.
    fileprivate mutating func append(half name: String, _ shape: [Int], _ values: [Float]? = nil) {
        append(name: name, shape, type: 1)
        let bits = (values ?? []).map { $0 > 0 ? UInt16(0x3c00) : $0 < 0 ? 0xbc00 : 0 }
        let padded = values == nil ? [UInt16](repeating: 0, count: shape.reduce(1, *)) : bits
        padded.withUnsafeBytes { append(contentsOf: $0) }
    }

    fileprivate mutating func append(norm name: String, _ width: Int) {
        append(single: "\(name).weight", [width], [Float](repeating: 1, count: width))
        append(single: "\(name).bias", [width])
    }
}
