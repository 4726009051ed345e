import Foundation
import Inference
import ModelStore
import Testing

@Suite("Installing speech models")
struct SpeechInstallTests {
    private static let made = [
        "encoder.xml", "encoder.bin", "decoder.xml", "decoder.bin", "aligner.xml", "aligner.bin", "whisper.json",
    ]
    private let json = Array("{}".utf8)

    private func install(
        _ files: [String: [UInt8]], from path: String = "", capability: Capability? = nil, in home: Home
    ) async throws -> InstalledModel {
        for (name, bytes) in files {
            let file = URL(fileURLWithPath: home.root + "/given/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        let source = try CustomSource(home.root + "/given" + path)
        return try await ModelStore(home: home).install(.custom(source, id: "mine", capability: capability))
    }

    @Test("A folder of CTranslate2's is converted; the engine is given the encoder")
    func ctranslate2() async throws {
        let files = [
            "model.bin": TinySpeech.weights(), "config.json": json, "tokenizer.json": Array(TinySpeech.tokenizer.utf8),
            "vocabulary.txt": [65],
        ]
        try await withHome { home in
            let model = try await install(files, in: home)
            #expect(model.engine == .whisper && model.capability == .transcription)
            #expect(model.files.map(\.name) == Self.made + ["tokenizer.json"])
            #expect(model.primaryFile.hasSuffix("/encoder.xml"))
            #expect(Set(model.convertedFrom.map(\.name)) == ["model.bin", "config.json"])
            #expect(try ModelStore(home: home).resolve("whisper-1") == model)
            #expect(try await install(files, in: home) == model)
        }
    }

    @Test("A folder of graphs that were converted before is taken as it is")
    func graphs() async throws {
        var files = Dictionary(uniqueKeysWithValues: Self.made.map { ($0, json) })
        files["tokenizer.json"] = json
        try await withHome { home in
            let model = try await install(files, in: home)
            #expect(model.engine == .whisper && model.files.first?.name == "encoder.xml")
            #expect(Set(model.files.map(\.name)) == Set(Self.made + ["tokenizer.json"]))
            #expect(model.convertedFrom.isEmpty)
        }
    }

    @Test("Saved weights are told from a text encoder's by their configuration")
    func transformers() async throws {
        try await withHome { home in
            let error = await #expect(throws: InstallError.self) {
                try await install(
                    [
                        "model.safetensors": TinyBERT.weights(), "tokenizer.json": Array(TinySpeech.tokenizer.utf8),
                        "config.json": Array("{\"model_type\": \"whisper\"}".utf8),
                    ], in: home)
            }
            #expect(error?.description.contains("Whisper") == true)
            #expect(leftovers(home) == [])
        }
    }

    @Test("A file of whisper.cpp's is installed as it is, for transcription")
    func ggml() async throws {
        try await withHome { home in
            let model = try await install(
                ["ggml-tiny.bin": Array("lmgg".utf8) + [1, 2, 3]], from: "/ggml-tiny.bin", in: home)
            #expect(model.engine == .whisper && model.capability == .transcription)
            #expect(model.files.map(\.name) == ["ggml-mine.bin"])
        }
    }

    @Test("A file of such a name that begins otherwise, or for another use, is refused")
    func notGGML() async throws {
        try await withHome { home in
            for (bytes, capability) in [(Array("GGUF".utf8), nil), (Array("lmgg".utf8), Capability.chat)] {
                await #expect(throws: InstallError.self) {
                    try await install(["ggml-a.bin": bytes], from: "/ggml-a.bin", capability: capability, in: home)
                }
            }
            #expect(leftovers(home) == [])
        }
    }

    @Test("A folder of graphs without their tokenizer is refused")
    func withoutTokenizer() async throws {
        try await withHome { home in
            let error = await #expect(throws: InstallError.self) {
                try await install(["model.bin": TinySpeech.weights(), "config.json": json], in: home)
            }
            #expect(error?.description.contains("tokenizer.json") == true)
        }
    }
}
