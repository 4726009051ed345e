import Foundation
import Inference
import ModelStore
import Testing

@Suite("Installing a folder of this machine")
struct FolderInstallTests {
    private var bertFiles: [String: [UInt8]] {
        [
            "config.json": Array(TinyBERT.configuration.utf8), "model.safetensors": TinyBERT.weights(),
            "tokenizer.json": json,
        ]
    }

    private let onnx: [UInt8] = [8, 7, 18, 4]
    private let json = Array("{}".utf8)

    /// Writes files, by their paths, to a folder beside the models.
    private func folder(_ files: [String: [UInt8]], in home: Home, named name: String = "exported") throws -> String {
        for (path, bytes) in files {
            let file = URL(fileURLWithPath: home.root + "/" + name + "/" + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        return home.root + "/" + name
    }

    private func install(
        _ files: [String: [UInt8]], from path: String = "", capability: Capability? = nil, in home: Home
    ) async throws -> InstalledModel {
        let source = try CustomSource(try folder(files, in: home) + path)
        return try await ModelStore(home: home).install(.custom(source, id: "mine", capability: capability))
    }

    @Test("A text encoder in ONNX, in the folders that exports use, is laid out flat under the runner's names")
    func textEncoder() async throws {
        try await withHome { home in
            let model = try await install(
                [
                    "onnx/model.onnx": onnx, "onnx/model_quantized.onnx": onnx, "tokenizer.json": json,
                    "config.json": json, "1_Pooling/config.json": json, "sentence_bert_config.json": json,
                    "README.md": json,
                ], in: home)
            #expect(model.engine == .openvino && model.capability == .embeddings)
            #expect(
                model.files.map(\.name) == [
                    "model.onnx", "tokenizer.json", "config.json", "sentence_bert_config.json", "pooling.json",
                ])
        }
    }

    @Test("Weights that lie outside of an ONNX file come along under their own names")
    func externalData() async throws {
        try await withHome { home in
            let model = try await install(
                ["model.onnx": onnx, "model.onnx_data": [1], "model.onnx_data_1": [2], "tokenizer.json": json], in: home
            )
            #expect(
                model.files.map(\.name) == ["model.onnx", "model.onnx_data", "model.onnx_data_1", "tokenizer.json"])
        }
    }

    @Test("OpenVINO IR is taken under either of its names, before ONNX")
    func ir() async throws {
        for name in ["openvino/openvino_model", "model"] {
            try await withHome { home in
                let model = try await install(
                    [name + ".xml": Array("<?xml version=\"1.0\"?>".utf8), name + ".bin": [0], "tokenizer.json": json],
                    in: home)
                #expect(model.files.map(\.name) == ["model.xml", "model.bin", "tokenizer.json"])
            }
        }
    }

    @Test("The two encoders of CLIP are one model")
    func clip() async throws {
        try await withHome { home in
            let model = try await install(
                [
                    "onnx/text_model.onnx": onnx, "onnx/vision_model.onnx": onnx, "onnx/model.onnx": onnx,
                    "tokenizer.json": json, "preprocessor_config.json": json,
                ], in: home)
            #expect(model.capability == .embeddings)
            #expect(
                model.files.map(\.name) == [
                    "text_model.onnx", "vision_model.onnx", "tokenizer.json", "preprocessor_config.json",
                ])
        }
    }

    @Test("Saved weights of a BERT encoder are converted, to the same bytes each time, and not kept")
    func converts() async throws {
        let files = bertFiles
        try await withHome { home in
            try await withHome { other in
                let model = try await install(files, in: home)
                #expect(
                    model.files.map(\.name) == [
                        "model.xml", "model.bin", "encoder.json", "tokenizer.json", "config.json",
                    ])
                #expect(model.convertedFrom.map(\.name) == ["model.safetensors"])
                #expect(model.convertedFrom.map(\.sha256) == [sha256(TinyBERT.weights())])
                #expect(try await install(files, in: other).files == model.files)
                #expect(try await install(files, in: home) == model)
                #expect(try ModelStore(home: home).installed() == [model])
            }
        }
    }

    @Test("A model that was converted before its conversion made all that it makes today is made anew")
    func olderConversion() async throws {
        let files = bertFiles
        try await withHome { home in
            let model = try await install(files, in: home)
            let manifest = URL(filePath: model.directory + "/manifest.json")
            let written = try JSONSerialization.jsonObject(with: Data(contentsOf: manifest))
            var older = try #require(written as? [String: Any])
            let names = try #require(older["files"] as? [[String: Any]])
            older["files"] = names.filter { $0["name"] as? String != "encoder.json" }
            let text = try JSONSerialization.data(withJSONObject: older)
            try text.write(to: manifest)
            #expect(try await install(files, in: home).files == model.files)
            #expect(try ModelStore(home: home).installed().map(\.files) == [model.files])
            // Of other weights it is another model all the same.
            try text.write(to: manifest)
            var other = files
            other["model.safetensors"] = TinyBERT.weights(0.25)
            await #expect(throws: InstallError.alreadyInstalled(id: "mine")) { try await install(other, in: home) }
        }
    }

    @Test("Other weights under the name of an installed model are refused")
    func otherWeights() async throws {
        var files = bertFiles
        try await withHome { home in
            _ = try await install(files, in: home)
            files["model.safetensors"] = TinyBERT.weights(0.25)
            await #expect(throws: InstallError.alreadyInstalled(id: "mine")) { try await install(files, in: home) }
        }
    }

    @Test("A conversion that fails leaves nothing behind, and says why")
    func conversionFails() async throws {
        let configuration = TinyBERT.configuration.replacing("\"bert\"", with: "\"gpt2\"")
        try await withHome { home in
            let error = await #expect(throws: InstallError.self) {
                try await install(
                    [
                        "config.json": Array(configuration.utf8), "model.safetensors": TinyBERT.weights(),
                        "tokenizer.json": json,
                    ], in: home)
            }
            #expect(error?.description.contains("'gpt2'") == true)
            #expect(leftovers(home) == [])
        }
    }

    @Test("An upscaling network is converted from its folder, or from the one of its files that is named")
    func network() async throws {
        let files = ["net.param": Array(TinyNetwork.param.utf8), "net.bin": TinyNetwork.weights()]
        for path in ["", "/net.param"] {
            try await withHome { home in
                let model = try await install(files, from: path, in: home)
                #expect(model.engine == .openvino && model.capability == .imageVariation)
                #expect(model.files.map(\.name) == ["model.xml", "model.bin", "upscaler.json", "layers.json"])
                #expect(model.convertedFrom.map(\.name) == ["network.param", "network.bin"])
            }
        }
    }

    @Test(
        "A folder without a model is refused, and what is missing is named",
        arguments: [
            ([], "a folder must hold one of these"),
            (["model.onnx"], "no tokenizer.json"),
            (["text_model.onnx", "vision_model.onnx"], "no tokenizer.json"),
            (["model.safetensors", "tokenizer.json"], "config.json and model.safetensors"),
            (["model.xml", "tokenizer.json"], "model.xml and model.bin"),
            (["net.param"], "net.bin, are not beside it"),
            (["a.param", "a.bin", "b.param", "b.bin"], "name one: a.param, b.param"),
        ] as [([String], String)])
    func refuses(names: [String], reason: String) async throws {
        try await withHome { home in
            let files = Dictionary(uniqueKeysWithValues: names.map { ($0, onnx) } + [("notes.txt", onnx)])
            let error = await #expect(throws: InstallError.self) { try await install(files, in: home) }
            #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
            #expect(leftovers(home) == [])
        }
    }

    @Test("A capability that the files do not have is refused")
    func otherCapability() async throws {
        try await withHome { home in
            let error = await #expect(throws: InstallError.self) {
                try await install(["model.onnx": onnx, "tokenizer.json": json], capability: .chat, in: home)
            }
            #expect(error?.description.contains("embeddings") == true)
        }
    }

    @Test(
        "A page, a pointer or an archive in the place of a file is refused",
        arguments: ["<!DOCTYPE html>", "version https://git-lfs.github.com/spec/v1", "PK\u{3}\u{4}", ""])
    func mistakes(text: String) async throws {
        for name in ["model.onnx", "tokenizer.json"] {
            try await withHome { home in
                var files = ["model.onnx": onnx, "tokenizer.json": json]
                files[name] = Array(text.utf8)
                let error = await #expect(throws: InstallError.self) { try await install(files, in: home) }
                guard case .notAModel(name, _, _) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(leftovers(home) == [])
            }
        }
    }
}
