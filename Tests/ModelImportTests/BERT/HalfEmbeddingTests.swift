import HalfNetworks
import Inference
import ModelImport
import OpenVINOEngine
import OpenVINORuntime
import TestSupport
import Testing

/// The engine of texts on an encoder that is computed in binary16 by itself.
@Suite(.enabled(if: HalfArithmetic.isAvailable, "this processor does not compute in 16 bits (AVX512-FP16)"))
struct HalfEmbeddingTests {
    private let tokenizer = """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "a": 1, "b": 2, "c": 3}}}
        """

    private static func texts(_ lengths: [Int]) -> [EmbeddingRequest.Input] {
        lengths.enumerated().map { number, length in
            .tokens((0..<length).map { Int32(($0 * 7 + number) % TinyEncoder.words) })
        }
    }

    /// The vectors of all texts at once, as the engine of a folder gives them.
    private func vectors(
        _ texts: [EmbeddingRequest.Input], _ folder: String, _ precision: Precision
    ) async throws -> (values: [Float], engine: String) {
        let engine = try await TextEmbeddingEngine(
            .init(
                folder: folder, capability: .embeddings, modelDigest: "tiny", threads: 2, maximumThreads: 2,
                precision: precision))
        let embeddings = try await engine.embed(EmbeddingRequest(inputs: texts, truncation: .none))
        await engine.shutDown()
        return (embeddings.values, engine.description.engine)
    }

    private func expectSameVectors(lengths: [Int], scale: Float, within limit: Float) async throws {
        let folder = try TemporaryFolder()
        var tiny = TinyEncoder(family: .bert, width: 64, inner: 128, positions: 64)
        tiny.scale = scale
        try tiny.convert(in: folder.path)
        try write(tokenizer, folder.path + "/tokenizer.json")
        let exact = try await vectors(Self.texts(lengths), folder.path, .f32)
        let quick = try await vectors(Self.texts(lengths), folder.path, .auto)
        #expect(exact.engine.hasPrefix("OpenVINO"))
        #expect(CPUFeatures.ofThisMachine().multipliesTiles || quick.engine == "dpais f16")
        try #require(exact.values.count == quick.values.count)
        let error = zip(exact.values, quick.values).map { abs($0 - $1) }.max() ?? 0
        #expect(error < limit)
    }

    @Test func `vectors are those of 32 bits, in batches of every length`() async throws {
        try await expectSameVectors(lengths: Array(1...40), scale: 0.5, within: 0.005)
    }

    private static let isHalf = !CPUFeatures.ofThisMachine().multipliesTiles
    private static let tiles: Comment = "the engine takes OpenVINO and bf16 on this processor"

    @Test(.enabled(if: isHalf, tiles))
    func `so are those of several requests at once, of which one's text is longer than the other's`() async throws {
        let folder = try TemporaryFolder()
        var tiny = TinyEncoder(family: .bert, width: 64, inner: 128, positions: 64)
        tiny.scale = 20_000
        try tiny.convert(in: folder.path)
        try write(tokenizer, folder.path + "/tokenizer.json")
        let engine = try await TextEmbeddingEngine(
            .init(
                folder: folder.path, capability: .embeddings, modelDigest: "tiny", threads: 2, maximumThreads: 2,
                precision: .auto))
        let alone = try await vectors(Self.texts([16]), folder.path, .f32).values
        // Many, so that some wait for the same batch; lengths of one class.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let lengths = number % 2 == 0 ? [9, 9, 9] : [16]
                    let request = EmbeddingRequest(inputs: Self.texts(lengths), truncation: .none)
                    let values = try await engine.embed(request).values
                    guard number % 2 == 1 else { return }
                    #expect((zip(values, alone).map { abs($0 - $1) }.max() ?? 1) < 1e-5)
                }
            }
            try await group.waitForAll()
        }
        await engine.shutDown()
    }

    @Test(.enabled(if: isHalf, tiles))
    func `texts of which numbers leave the range are computed in 32 bits`() async throws {
        // Of one length: the graph's mask is no match for scores as large as these.
        try await expectSameVectors(lengths: Array(repeating: 24, count: 20), scale: 20_000, within: 1e-5)
    }
}
