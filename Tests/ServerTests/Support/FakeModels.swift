import Foundation
import Inference
import ModelStore
import Server

/// Installed models that are in no folder.
struct FakeModels: ModelDirectory {
    let models: [InstalledModel]

    /// A chat model `tiny`, with the alias `small`, an embedding model `owner/vectors`, `enlarger` for pictures,
    /// with the alias `realesrgan`, and `listener` for speech, with the alias `whisper-1`; where `sees` is set, also a chat model `eyes` that has a projector.
    init(sees: Bool = false) throws {
        var models = try JSONDecoder().decode(
            [InstalledModel].self,
            from: Data(
                """
                [{"id": "tiny", "aliases": ["small"], "capability": "chat", "ownedBy": "someone", "engine": "llama",
                  "created": 1700000000, "files": [{"name": "a.gguf", "bytes": 1, "sha256": "00"}]},
                 {"id": "owner/vectors", "aliases": [], "capability": "embeddings", "ownedBy": "owner",
                  "engine": "llama", "created": 1700000001, "files": [{"name": "b.gguf", "bytes": 1, "sha256": "00"}]},
                 {"id": "enlarger", "aliases": ["realesrgan"], "capability": "image-variation", "ownedBy": "someone",
                  "engine": "openvino", "created": 1700000002,
                  "files": [{"name": "model.xml", "bytes": 1, "sha256": "00"}]},
                 {"id": "listener", "aliases": ["whisper-1"], "capability": "transcription", "ownedBy": "someone",
                  "engine": "whisper", "created": 1700000003,
                  "files": [{"name": "encoder.xml", "bytes": 1, "sha256": "00"}]}]
                """.utf8))
        if sees {
            let files = ["a.gguf", "p.gguf"].map { InstalledFile(name: $0, bytes: 1, sha256: "00") }
            models.append(
                InstalledModel(
                    id: "eyes", capability: .chat, ownedBy: "someone", engine: .llama, created: 1, files: files,
                    projector: "p.gguf"))
        }
        self.models = models
    }

    func installed() throws -> [InstalledModel] { models }

    func resolve(_ name: String) throws -> InstalledModel? {
        models.first { $0.id == name || $0.aliases.contains(name) }
    }
}
