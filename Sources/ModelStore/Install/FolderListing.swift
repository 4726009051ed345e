/// What a folder holds, and what of it goes together.
struct FolderListing {
    /// The folder's name, for messages.
    let name: String
    /// The files, by their path from the folder.
    private let files: Set<String>
    /// The one file that the user has named; `nil` where it was the folder.
    let chosen: String?
    /// What the folder's `config.json` says of the model's kind.
    private let kind: () -> ModelKind?

    private static let exportFolders = ["", "onnx/", "openvino/"]

    init(name: String, files: Set<String>, chosen: String? = nil, kind: @escaping () -> ModelKind?) {
        self.name = name
        self.files = files
        self.chosen = chosen
        self.kind = kind
    }

    private func file(_ path: String, as name: String) -> ModelFolder.File {
        ModelFolder.File(name: name, path: path)
    }

    func find(_ name: String) -> ModelFolder.File? {
        Self.exportFolders.map { $0 + name }.first(where: files.contains).map { file($0, as: name) }
    }

    /// A graph in OpenVINO's format or in ONNX's, with its weights.
    func graph(_ name: String, as target: String? = nil) -> [ModelFolder.File]? {
        let target = target ?? name
        if let chosen, chosen.hasSuffix(".onnx"), name == "model" { return onnx(chosen, as: target) }
        for place in Self.exportFolders.map({ $0 + name }) where files.contains(place + ".xml") {
            guard files.contains(place + ".bin") else { continue }
            return [file(place + ".xml", as: target + ".xml"), file(place + ".bin", as: target + ".bin")]
        }
        let place = Self.exportFolders.map { $0 + name + ".onnx" }.first(where: files.contains)
        return place.map { onnx($0, as: target) }
    }

    private func onnx(_ place: String, as target: String) -> [ModelFolder.File] {
        // Weights outside of an ONNX file are found by their names, which therefore stay.
        let outside = files.filter { $0.hasPrefix(place + "_data") || $0.hasPrefix(place + ".data") }.sorted()
        return [file(place, as: target + ".onnx")] + outside.map { file($0, as: $0.lastPathComponent) }
    }

    func tokenizer() throws(InstallError) -> [ModelFolder.File] {
        guard let file = find("tokenizer.json") else {
            throw .invalidSource(
                name,
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
        guard let weights = find("model.safetensors"), kind() == .whisper else { return nil }
        return [weights, configuration] + (find("generation_config.json").map { [$0] } ?? [])
    }

    /// Weights of a text encoder; `nil` where there are none, or where a graph is there and is named, or is all that is
    /// known to be the whole of the model.
    var encoderWeights: ModelFolder.File? {
        guard find("config.json") != nil, let weights = find("model.safetensors") else { return nil }
        if let chosen { return chosen == weights.path ? weights : nil }
        return hasGraph && (kind() != .encoder || hasDenseLayer) ? nil : weights
    }

    private var hasGraph: Bool { graph("model") != nil || graph("openvino_model") != nil }

    /// Whether vectors go through a further layer, as sentence-transformers saves it.
    var hasDenseLayer: Bool { files.contains { $0.prefix { $0 != "/" }.hasSuffix("_Dense") } }

    /// The same without the weights of a text encoder, where a graph is there in their place.
    var withoutWeights: FolderListing? {
        guard chosen == nil, hasGraph, let weights = find("model.safetensors") else { return nil }
        return FolderListing(name: name, files: files.subtracting([weights.path]), kind: kind)
    }

    /// What says how texts are cut, vectors pooled and pictures prepared, where it is there.
    var sideFiles: [ModelFolder.File] {
        let pooling = ["pooling.json", "1_Pooling/config.json"].first(where: files.contains)
        let named = ["config.json", "sentence_bert_config.json", "tokenizer_config.json", "preprocessor_config.json"]
        return named.compactMap(find) + (pooling.map { [file($0, as: "pooling.json")] } ?? [])
    }

    /// The one network in ncnn's format; `nil` where there is none.
    func onlyNetwork() throws(InstallError) -> String? {
        let networks = files.filter { $0.hasSuffix(".param") && !$0.contains("/") }.sorted()
        guard networks.count <= 1 else {
            throw .invalidSource(
                name, reason: "it has several networks; name one: \(networks.joined(separator: ", ")).")
        }
        return networks.first
    }

    /// A network in ncnn's format: the `.param` file, and the weights beside it.
    func network(_ path: String) throws(InstallError) -> [ModelFolder.File] {
        let weights = path.dropLast(".param".count) + ".bin"
        guard files.contains(String(weights)) else {
            throw .invalidSource(
                path.lastPathComponent,
                reason: "its weights, \(String(weights).lastPathComponent), are not beside it.")
        }
        return [file(path, as: "network.param"), file(String(weights), as: "network.bin")]
    }
}
