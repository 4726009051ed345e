import Foundation
import Inference
import ModelStore
import Testing

@Suite("The names whisper and whisper-1")
struct SpeechNamesTests {
    /// Puts models into the folder as an install leaves them.
    private func store(_ models: [InstalledModel], in home: Home) throws -> ModelStore {
        for model in models {
            let folder = URL(fileURLWithPath: home.models + "/" + model.id)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for file in model.files {
                try Data(repeating: 0, count: file.bytes).write(to: folder.appending(path: file.name))
            }
            try JSONEncoder().encode(model).write(to: folder.appending(path: "manifest.json"))
        }
        return ModelStore(home: home)
    }

    private func model(
        _ id: String, _ parameters: String? = nil, bytes: Int = 8, aliases: [String] = [],
        capability: Capability = .transcription
    ) -> InstalledModel {
        InstalledModel(
            id: id, aliases: aliases, capability: capability, ownedBy: "us", engine: .whisper, created: 0,
            files: [InstalledFile(name: "encoder.xml", bytes: bytes, sha256: "")], parameters: parameters)
    }

    private func meant(_ models: [InstalledModel]) async throws -> String? {
        try await withHome { home in
            let store = try store(models, in: home)
            let found = try store.resolve("whisper-1")?.id
            #expect(try store.resolve("Whisper")?.id == found)
            return found
        }
    }

    @Test("They mean the model of the most weights")
    func largest() async throws {
        let models = [model("whisper-base", "74M"), model("whisper-large-v3", "1.55B"), model("whisper-small", "244M")]
        #expect(try await meant(models) == "whisper-large-v3")
    }

    @Test("A model of many languages goes before a larger one of English alone, whatever its id")
    func multilingual() async throws {
        #expect(
            try await meant([model("whisper-base", "74M"), model("whisper-small.en", "244M")]) == "whisper-base")
        #expect(
            try await meant([model("whisper-base", "74M"), model("mine", "1B", aliases: ["whisper-small-en"])])
                == "whisper-base")
    }

    @Test("Where the count is not known, the files' size stands for it")
    func size() async throws {
        #expect(try await meant([model("a", bytes: 100), model("b", bytes: 300), model("c", bytes: 200)]) == "b")
        #expect(try await meant([model("a", bytes: 100), model("whisper-tiny", "39M")]) == "whisper-tiny")
    }

    @Test("They mean nothing where no model transcribes")
    func nothing() async throws {
        #expect(try await meant([]) == nil)
        #expect(try await meant([model("chatty", "8B", capability: .chat)]) == nil)
    }

    @Test("A model's own id or alias goes first")
    func ownNames() async throws {
        #expect(
            try await meant([model("small", "1M", aliases: ["whisper", "whisper-1"]), model("large", "9B")]) == "small")
    }
}
