import Foundation
import Inference
import ModelStore
import Testing

@Suite("Manifests")
struct ManifestTests {
    private func write(_ manifest: String, in home: Home) throws {
        let folder = home.models + "/old"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(gguf(50)).write(to: URL(fileURLWithPath: folder + "/old.gguf"))
        try Data(manifest.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.json"))
    }

    private let manifest = """
        {"id": "old", "aliases": [], "capability": "chat", "ownedBy": "user", "engine": "llama", "created": 1,
         "files": [{"name": "old.gguf", "bytes": 50, "sha256": "00"}]}
        """

    @Test("One from before embedding models is read as it was meant")
    func old() async throws {
        try await withHome { home in
            try write(manifest, in: home)
            let model = try #require(try ModelStore(home: home).resolve("old"))
            #expect(model.shortensVectors == false && model.convertedFrom == [])
            #expect(model.files.map(\.name) == ["old.gguf"])
        }
    }

    @Test("What it says of vectors and conversions survives being written and read again")
    func codable() throws {
        let model = InstalledModel(
            id: "m", aliases: ["n"], capability: .embeddings, ownedBy: "us", engine: .openvino, created: 7,
            files: [InstalledFile(name: "model.xml", bytes: 1, sha256: "00")], license: "MIT", source: "here",
            contextLength: 512, parameters: "22M", shortensVectors: true,
            convertedFrom: [InstalledFile(name: "model.safetensors", bytes: 2, sha256: "01")])
        #expect(try JSONDecoder().decode(InstalledModel.self, from: JSONEncoder().encode(model)) == model)
    }
}
