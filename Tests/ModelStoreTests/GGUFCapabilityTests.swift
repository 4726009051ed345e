import Foundation
import Inference
import ModelStore
import Testing

@Suite("What a GGUF model does")
struct GGUFCapabilityTests {
    private func capability(_ bytes: [UInt8], as asked: Capability? = nil) async throws -> Capability {
        try await withHome { home in
            let path = home.root + "/m.gguf"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try await ModelStore(home: home)
                .install(.custom(try CustomSource(path), id: "mine", capability: asked)).capability
        }
    }

    /// Metadata as converters write it, with the tokenizer's long lists.
    private func metadata(_ architecture: String, pooling: UInt32?, poolingLast: Bool = false) -> [UInt8] {
        var builder = GGUFBuilder()
        builder.add("general.architecture", architecture)
        builder.add("general.name", String(repeating: "x", count: 100_000))
        builder.add("\(architecture).context_length", 512)
        if let pooling, !poolingLast { builder.add("\(architecture).pooling_type", pooling) }
        builder.add("tokenizer.ggml.tokens", (0..<20_000).map { "token\($0)" })
        builder.add("tokenizer.ggml.scores", [Float](repeating: 0, count: 20_000))
        if let pooling, poolingLast { builder.add("\(architecture).pooling_type", pooling) }
        return builder.bytes()
    }

    @Test("An encoder's architecture embeds")
    func encoder() async throws {
        #expect(try await capability(metadata("nomic-bert", pooling: nil)) == .embeddings)
    }

    @Test("A decoder embeds where it says how its vectors are pooled, wherever it says so", arguments: [false, true])
    func pooled(last: Bool) async throws {
        #expect(try await capability(metadata("qwen3", pooling: 3, poolingLast: last)) == .embeddings)
    }

    @Test("A decoder without pooling, or one that scores pairs of texts, chats", arguments: [nil, 0, 4])
    func decoder(pooling: UInt32?) async throws {
        #expect(try await capability(metadata("llama", pooling: pooling)) == .chat)
    }

    @Test("What the user says is believed over the file")
    func asked() async throws {
        #expect(try await capability(metadata("llama", pooling: nil), as: .embeddings) == .embeddings)
        #expect(try await capability(metadata("bert", pooling: 1), as: .chat) == .chat)
    }

    @Test("Metadata that is cut off, or lies about its lengths, does no harm")
    func hostile() async throws {
        let whole = metadata("llama", pooling: 1, poolingLast: true)
        for count in [4, 8, 23, 24, 31, 40, 60, whole.count / 2, whole.count - 1] {
            #expect(try await capability(Array(whole[..<count])) == .chat)
        }
        let sound = metadata("llama", pooling: nil)
        for index in 4..<80 {
            var changed = sound
            changed[index] = 0xFF
            #expect(try await capability(changed) == .chat)
        }
    }

    @Test("One file is a model for chat or embeddings, not for what no GGUF runner does")
    func impossible() async throws {
        await #expect(throws: InstallError.self) { try await capability(gguf(100), as: .imageVariation) }
    }
}
