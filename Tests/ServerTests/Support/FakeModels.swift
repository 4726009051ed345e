import Foundation
import Inference
import ModelStore
import Server

/// Installed models that are in no folder.
struct FakeModels: ModelDirectory {
    let models: [InstalledModel]

    /// A chat model `tiny`, with the alias `small`, and an embedding model `owner/vectors`.
    init() throws {
        models = try JSONDecoder().decode(
            [InstalledModel].self,
            from: Data(
                """
                [{"id": "tiny", "aliases": ["small"], "capability": "chat", "ownedBy": "someone", "engine": "llama",
                  "created": 1700000000, "files": [{"name": "a.gguf", "bytes": 1, "sha256": "00"}]},
                 {"id": "owner/vectors", "aliases": [], "capability": "embeddings", "ownedBy": "owner",
                  "engine": "llama", "created": 1700000001, "files": [{"name": "b.gguf", "bytes": 1, "sha256": "00"}]}]
                """.utf8))
    }

    func installed() throws -> [InstalledModel] { models }

    func resolve(_ name: String) throws -> InstalledModel? {
        models.first { $0.id == name || $0.aliases.contains(name) }
    }
}
