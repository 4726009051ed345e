import Foundation
import ModelStore
import Testing

@Suite("What a model needs in memory")
struct MemoryNeedTests {
    @Test("A GGUF file's own figures say how large its cache will be, how long its context is, and more")
    func gguf() async throws {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "llama")
        builder.add("general.size_label", "135M")
        builder.add("general.license", "apache-2.0")
        builder.add("general.languages", ["en", "de"])
        builder.add("llama.context_length", 8192)
        builder.add("llama.block_count", 30)
        builder.add("llama.attention.head_count", 9)
        builder.add("llama.attention.head_count_kv", 3)
        builder.add("llama.embedding_length", 576)
        let bytes = builder.bytes()
        try await withHome { home in
            let path = home.root + "/model.gguf"
            try Data(bytes).write(to: URL(filePath: path))
            let store = ModelStore(home: home)
            let model = try await store.install(.custom(try CustomSource(path), id: "mine"))
            // 2 bytes × 30 layers × 3 heads × 64 components × keys and values, of 8192 tokens and more, up to 256 MiB.
            #expect(model.memoryBytes > 256 << 20 && model.memoryBytes < 512 << 20)
            #expect(model.contextLength == 8192 && model.parameters == "135M" && model.license == "apache-2.0")
            #expect(model.languages == ["en", "de"])
            #expect(try store.installed() == [model])
        }
    }

    @Test("A manifest of an earlier version is read, and its model's need told from its files")
    func earlier() async throws {
        try await withHome { home in
            let folder = home.models + "/old"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(count: 1_000).write(to: URL(filePath: folder + "/m.gguf"))
            let manifest = """
                {"id": "old", "aliases": [], "capability": "chat", "ownedBy": "us", "engine": "llama", "created": 1,
                 "files": [{"name": "m.gguf", "bytes": 1000, "sha256": "\(String(repeating: "0", count: 64))"}]}
                """
            try Data(manifest.utf8).write(to: URL(filePath: folder + "/manifest.json"))
            let model = try #require(try ModelStore(home: home).installed().first)
            #expect(model.languages == nil && model.summary == nil && model.statedMemoryBytes == nil)
            #expect(model.memoryBytes > 1_000)
        }
    }
}
