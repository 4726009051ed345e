import Inference

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder of the user's with the files of an embedding, upscaling or transcribing model, as the tools that save such models lay
/// them out, and which of them make the model.
struct ModelFolder {
    struct File: Equatable {
        /// What the runner looks for.
        var name: String
        /// Absolute.
        var path: String
    }

    /// The folder's own name, for messages.
    let name: String
    let capability: Capability
    let files: [File]
    let conversion: ModelConversion?

    private static let expectations = """
        a folder must hold one of these: tokenizer.json with model.onnx, or model.xml and model.bin, or config.json \
        and model.safetensors (a text encoder); tokenizer.json with text_model.onnx and vision_model.onnx (CLIP); one \
        .param and one .bin file of the same name (an upscaler in ncnn's format); tokenizer.json and config.json with \
        model.bin (Whisper in CTranslate2's format) or model.safetensors. For a GGUF model, name the .gguf file itself.
        """

    /// - Parameter path: a folder, or a `.param` file. Absolute.
    /// - Returns: `nil` where there is neither.
    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where there is one, but no model that is known.
    init?(_ path: String) throws(InstallError) {
        name = path.lastPathComponent
        if path.hasSuffix(".param"), fileSize(path) != nil {
            (capability, conversion) = (.imageVariation, .ncnn)
            files = try Self.network(path)
            return
        }
        guard let listing = Listing(path) else { return nil }
        if let speech = listing.speechGraphs {
            (capability, conversion) = (.transcription, nil)
            files = try speech + listing.tokenizer(of: name)
        } else if let weights = listing.speechWeights {
            (capability, conversion) = (.transcription, .whisper)
            files = try weights + listing.tokenizer(of: name)
        } else if let text = listing.graph("text_model"), let pictures = listing.graph("vision_model") {
            (capability, conversion) = (.embeddings, nil)
            files = try text + pictures + listing.tokenizer(of: name) + listing.sideFiles
        } else if let graph = listing.graph("model") ?? listing.graph("openvino_model", as: "model") {
            conversion = nil
            if let upscaler = listing.find("upscaler.json") {
                capability = .imageVariation
                files = graph + [upscaler]
            } else {
                capability = .embeddings
                files = try graph + listing.tokenizer(of: name) + listing.sideFiles
            }
        } else if let weights = listing.find("model.safetensors"), listing.find("config.json") != nil {
            (capability, conversion) = (.embeddings, .bert)
            files = try [weights] + listing.tokenizer(of: name) + listing.sideFiles
        } else if let network = try listing.onlyNetwork(of: name) {
            (capability, conversion) = (.imageVariation, .ncnn)
            files = try Self.network(network)
        } else {
            throw .invalidSource(name, reason: Self.expectations)
        }
    }

    /// A network in ncnn's format: the `.param` file, and the weights beside it.
    private static func network(_ path: String) throws(InstallError) -> [File] {
        let weights = path.dropLast(".param".count) + ".bin"
        guard fileSize(String(weights)) != nil else {
            throw .invalidSource(
                path.lastPathComponent,
                reason: "its weights, \(String(weights).lastPathComponent), are not beside it.")
        }
        return [File(name: "network.param", path: path), File(name: "network.bin", path: String(weights))]
    }
}

/// What a folder holds, with the folders in it that exports use.
private struct Listing {
    /// The files, by their path from the folder.
    private let files: Set<String>
    private let folder: String

    private static let exportFolders = ["", "onnx/", "openvino/"]

    /// - Returns: `nil` where there is no folder.
    init?(_ folder: String) {
        self.folder = folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        var files = Set(names)
        for subfolder in ["onnx", "openvino", "1_Pooling"] where files.contains(subfolder) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + subfolder)) ?? []
            files.formUnion(names.map { subfolder + "/" + $0 })
        }
        self.files = files.filter { fileSize(folder + "/" + $0) != nil }
    }

    private func file(_ path: String, as name: String) -> ModelFolder.File {
        ModelFolder.File(name: name, path: folder + "/" + path)
    }

    func find(_ name: String) -> ModelFolder.File? {
        Self.exportFolders.map { $0 + name }.first(where: files.contains).map { file($0, as: name) }
    }

    /// A graph in OpenVINO's format or in ONNX's, with its weights.
    func graph(_ name: String, as target: String? = nil) -> [ModelFolder.File]? {
        let target = target ?? name
        for place in Self.exportFolders.map({ $0 + name }) where files.contains(place + ".xml") {
            guard files.contains(place + ".bin") else { continue }
            return [file(place + ".xml", as: target + ".xml"), file(place + ".bin", as: target + ".bin")]
        }
        guard let place = Self.exportFolders.map({ $0 + name + ".onnx" }).first(where: files.contains) else {
            return nil
        }
        // Weights outside of an ONNX file are found by their names, which therefore stay.
        let outside = files.filter { $0.hasPrefix(place + "_data") || $0.hasPrefix(place + ".data") }.sorted()
        return [file(place, as: target + ".onnx")] + outside.map { file($0, as: $0.lastPathComponent) }
    }

    func tokenizer(of folder: String) throws(InstallError) -> [ModelFolder.File] {
        guard let file = find("tokenizer.json") else {
            throw .invalidSource(
                folder,
                reason: "it has no tokenizer.json. Save the model's fast tokenizer, which is in that file, beside it.")
        }
        return [file]
    }

    /// A Whisper model that has been converted.
    var speechGraphs: [ModelFolder.File]? {
        guard let encoder = graph("encoder"), let decoder = graph("decoder"), let aligner = graph("aligner"),
            let description = find("whisper.json")
        else { return nil }
        return encoder + decoder + aligner + [description]
    }

    /// Weights of a Whisper model, and what describes them.
    var speechWeights: [ModelFolder.File]? {
        guard let configuration = find("config.json") else { return nil }
        // Only CTranslate2 has weights of this name without a graph.
        if graph("model") == nil, let weights = find("model.bin") { return [weights, configuration] }
        guard let weights = find("model.safetensors"), ModelKind(configuration.path)?.modelType == "whisper" else {
            return nil
        }
        return [weights, configuration] + (find("generation_config.json").map { [$0] } ?? [])
    }

    /// What says how texts are cut, vectors pooled and pictures prepared, where it is there.
    var sideFiles: [ModelFolder.File] {
        let pooling = ["pooling.json", "1_Pooling/config.json"].first(where: files.contains)
        let named = ["config.json", "sentence_bert_config.json", "tokenizer_config.json", "preprocessor_config.json"]
        return named.compactMap(find) + (pooling.map { [file($0, as: "pooling.json")] } ?? [])
    }

    /// The one network in ncnn's format; `nil` where there is none.
    func onlyNetwork(of name: String) throws(InstallError) -> String? {
        let networks = files.filter { $0.hasSuffix(".param") && !$0.contains("/") }.sorted()
        guard networks.count <= 1 else {
            throw .invalidSource(
                name, reason: "it has several networks; name one: \(networks.joined(separator: ", ")).")
        }
        return networks.first.map { folder + "/" + $0 }
    }
}

/// What a `config.json` says of its model's kind.
private struct ModelKind: Decodable {
    var modelType: String?

    private enum CodingKeys: String, CodingKey {
        case modelType = "model_type"
    }

    init?(_ path: String) {
        guard let size = fileSize(path), size < 4 << 20, let data = FileManager.default.contents(atPath: path),
            let kind = try? JSONDecoder().decode(ModelKind.self, from: data)
        else { return nil }
        self = kind
    }
}
