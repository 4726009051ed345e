import Inference
import ModelImport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder with the files of an embedding, upscaling or transcribing model, as the tools that save such models lay
/// them out, and which of them make the model. It may be on this machine, or be a repository of a hub.
struct ModelFolder: Sendable, Equatable {
    struct File: Sendable, Equatable {
        /// What the runner looks for.
        var name: String
        /// From the folder.
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

    private static let hasDenseLayer = """
        its vectors go through a Dense layer, which cannot be converted. Use an ONNX or OpenVINO export of the whole model.
        """

    /// The model of a folder, and the next to try: a graph of it, where its weights turn out not to be convertible.
    ///
    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where the folder has no model that is known.
    static func all(_ listing: FolderListing) throws(InstallError) -> [ModelFolder] {
        let first = try ModelFolder(listing)
        guard first.conversion == .bert, let others = listing.withoutWeights else { return [first] }
        return [first, try ModelFolder(others)]
    }

    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where the folder has no model that is known.
    init(_ listing: FolderListing) throws(InstallError) {
        name = listing.name
        if let chosen = listing.chosen, chosen.hasSuffix(".param") {
            (capability, conversion) = (.imageVariation, .ncnn)
            files = try listing.network(chosen)
        } else if let speech = listing.speechGraphs {
            (capability, conversion) = (.transcription, nil)
            files = try speech + listing.tokenizer()
        } else if let weights = listing.speechWeights {
            (capability, conversion) = (.transcription, .whisper)
            files = try weights + listing.tokenizer()
        } else if let text = listing.graph("text_model"), let pictures = listing.graph("vision_model") {
            (capability, conversion) = (.embeddings, nil)
            files = try text + pictures + listing.tokenizer() + listing.sideFiles
        } else if let weights = listing.encoderWeights {
            // Before graphs of the same model: what is converted has a plan, by which kernels compute it too.
            guard !listing.hasDenseLayer else { throw .invalidSource(name, reason: Self.hasDenseLayer) }
            (capability, conversion) = (.embeddings, .bert)
            files = try [weights] + listing.tokenizer() + listing.sideFiles
        } else if let graph = listing.graph("model") ?? listing.graph("openvino_model", as: "model") {
            conversion = nil
            if let upscaler = listing.find("upscaler.json") {
                capability = .imageVariation
                files = graph + [upscaler]
            } else {
                capability = .embeddings
                files = try graph + listing.tokenizer() + listing.sideFiles
            }
        } else if let network = try listing.onlyNetwork() {
            (capability, conversion) = (.imageVariation, .ncnn)
            files = try listing.network(network)
        } else {
            throw .invalidSource(name, reason: Self.expectations)
        }
    }
}

/// A model's folder on this machine.
struct LocalFolder: Sendable {
    /// The model, and what may take its place.
    let models: [ModelFolder]
    /// Absolute.
    private let root: String

    /// - Parameter path: a folder, or in one a `.param` file, a graph in ONNX's format, or weights. Absolute.
    /// - Returns: `nil` where there is neither.
    /// - Throws: ``InstallError/invalidSource(_:reason:)`` where there is one, but no model that is known.
    init?(_ path: String) throws(InstallError) {
        let isFile = [".param", ".onnx", ".safetensors"].contains(where: path.hasSuffix) && fileSize(path) != nil
        root = isFile ? path.parentFolder : path
        guard let files = Self.files(root) else { return nil }
        let (root, name) = (root, path.lastPathComponent)
        models = try ModelFolder.all(
            FolderListing(name: name, files: files, chosen: isFile ? name : nil) {
                ModelKind(file: root + "/config.json")
            })
    }

    func path(of file: ModelFolder.File) -> String {
        root + "/" + file.path
    }

    /// The files of the folder, and of those folders in it that exports use. `nil` where there is no folder.
    private static func files(_ folder: String) -> Set<String>? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        var files = Set(names)
        let subfolders =
            ["onnx", "openvino", "1_Pooling"].filter(files.contains) + names.filter { $0.hasSuffix("_Dense") }
        for subfolder in subfolders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + subfolder)) ?? []
            files.formUnion(names.map { subfolder + "/" + $0 })
        }
        return files.filter { fileSize(folder + "/" + $0) != nil }
    }
}

/// What a `config.json` says of its model's kind, as far as it matters here.
enum ModelKind: Equatable {
    case whisper
    /// A text encoder whose weights can be converted.
    case encoder

    /// A larger file is none.
    static let sizeLimit = 4 << 20

    private struct Configuration: Decodable {
        var modelType: String?

        enum CodingKeys: String, CodingKey {
            case modelType = "model_type"
        }
    }

    /// - Returns: `nil` for all others, and for what is no configuration.
    init?(_ configuration: Data) {
        if BERTImport.accepts([UInt8](configuration)) {
            self = .encoder
        } else if let file = try? JSONDecoder().decode(Configuration.self, from: configuration),
            file.modelType == "whisper"
        {
            self = .whisper
        } else {
            return nil
        }
    }

    init?(file path: String) {
        guard let size = fileSize(path), size <= Self.sizeLimit,
            let configuration = FileManager.default.contents(atPath: path)
        else { return nil }
        self.init(configuration)
    }
}
