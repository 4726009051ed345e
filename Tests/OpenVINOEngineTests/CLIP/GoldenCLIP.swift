import Foundation
import Inference
import OpenVINOEngine
import OpenVINORuntime
import TestSupport

/// A very small CLIP model of random weights, and what numpy and Pillow make of texts and pictures with it; see
/// `CLIPGolden/make.py`.
struct GoldenCLIP {
    struct Text: Decodable {
        var text: String
        /// Tokens, with the start and the end.
        var count: Int
        var vector: [Float]
    }

    struct Tokens: Decodable {
        /// Without the start and the end.
        var tokens: [Int32]
        var vector: [Float]
    }

    struct Picture: Decodable {
        var file: String
        var vector: [Float]
    }

    struct Values: Decodable {
        var texts: [Text]
        var tokens: [Tokens]
        var pictures: [Picture]
        /// Width and height of drawn pictures.
        var sizes: [[Int]]
    }

    struct Missing: Error {}

    /// What the model sees of a picture: both sides, in pixels.
    static let side = 32
    static let dimensions = 8

    let folder: String
    let values: Values

    init() throws {
        guard let resources = Bundle.module.resourcePath else { throw Missing() }
        folder = "\(resources)/CLIPGolden"
        values = try JSONDecoder().decode(Values.self, from: Data(Self.file("golden.json", in: folder)))
    }

    func file(_ name: String) throws -> [UInt8] { try Self.file(name, in: folder) }

    private static func file(_ name: String, in folder: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { throw Missing() }
        return Array(data)
    }

    /// A folder with the model's files, to be changed; `renames` gives some of them other names.
    func copy(renaming renames: [String: String] = [:]) throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        let names = ["text_model.onnx", "vision_model.onnx", "tokenizer.json", "preprocessor_config.json"]
        for name in names { try copy.write(name, file(name)) }
        for (old, new) in renames { try copy.write(new, file(old)) }
        return copy
    }

    func engine(
        folder: String? = nil, threads: Int = 2, precision: Precision = .f32, requestLimit: Int = 72,
        shortensVectors: Bool = false
    ) async throws -> CLIPEngine {
        try await CLIPEngine(
            OpenVINOEngine.Configuration(
                folder: folder ?? self.folder, capability: .embeddings, modelDigest: "digest", threads: threads,
                maximumThreads: threads, precision: precision, requestLimit: requestLimit,
                shortensVectors: shortensVectors))
    }

    /// Every golden input: texts, tokens, pictures.
    func inputs() throws -> [EmbeddingRequest.Input] {
        try values.texts.map { .text($0.text) } + values.tokens.map { .tokens($0.tokens) }
            + values.pictures.map { .image(try file($0.file)) }
    }

    /// The vectors of ``inputs()``.
    var vectors: [[Float]] {
        values.texts.map(\.vector) + values.tokens.map(\.vector) + values.pictures.map(\.vector)
    }

    /// The cosine of each vector with the golden one.
    func cosines(_ embeddings: [Float]) -> [Float] {
        vectors.enumerated().map { row, golden in
            zip(golden, embeddings[row * golden.count..<(row + 1) * golden.count]).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}
