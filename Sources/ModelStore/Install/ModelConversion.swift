import ModelImport

/// How files of a foreign format become a model that an engine reads. It is done once, at the install.
public enum ModelConversion: String, Sendable, Equatable, Codable {
    /// A text encoder of the BERT family, `config.json` and `model.safetensors`, to OpenVINO IR.
    case bert
    /// An upscaling network, one `.param` and one `.bin` file, to OpenVINO IR.
    case ncnn
    /// A Whisper model, `model.bin` of CTranslate2's or `model.safetensors`, with `config.json` and `tokenizer.json`, to
    /// OpenVINO IR.
    case whisper

    /// The names of the files that it makes; the first is the one an engine is given.
    var results: [String] {
        switch self {
        case .bert: ["model.xml", "model.bin", "encoder.json"]
        case .ncnn: ["model.xml", "model.bin", "upscaler.json", "layers.json"]
        case .whisper:
            [
                "encoder.xml", "encoder.bin", "decoder.xml", "decoder.bin", "aligner.xml", "aligner.bin",
                "whisper.json",
            ]
        }
    }

    /// Whether a file is of no use once it has been converted.
    func usesUp(_ name: String) -> Bool {
        switch self {
        case .bert: name == "model.safetensors"
        case .ncnn: name.hasSuffix(".param") || name.hasSuffix(".bin")
        case .whisper: name != "tokenizer.json"
        }
    }

    /// Whether these are the files that it asks for, and none in the way of those that it makes.
    func accepts(_ names: [String]) -> Bool {
        guard Set(names).isDisjoint(with: results) else { return false }
        switch self {
        case .bert: return names.contains("config.json") && names.contains("model.safetensors")
        case .ncnn:
            return [".param", ".bin"].allSatisfy { suffix in names.count { $0.hasSuffix(suffix) } == 1 }
        case .whisper:
            let weights = ["model.bin", "model.safetensors"].count(where: names.contains)
            return weights == 1 && names.contains("config.json") && names.contains("tokenizer.json")
        }
    }

    /// Makes the model. The same files give the same bytes.
    ///
    /// - Parameters:
    ///   - names: the files in `folder`, as ``accepts(_:)`` takes them.
    ///   - output: an existing folder, which gets the ``results``.
    func run(_ names: [String], in folder: String, into output: String) throws(ModelImportError) {
        switch self {
        case .bert:
            try BERTImport.convert(
                configuration: folder + "/config.json", weights: folder + "/model.safetensors", into: output)
        case .ncnn:
            guard let network = names.first(where: { $0.hasSuffix(".param") }),
                let weights = names.first(where: { $0.hasSuffix(".bin") })
            else { throw ModelImportError(.malformed, "A .param file or its .bin file is missing.") }
            try NCNNImport.convert(param: folder + "/" + network, weights: folder + "/" + weights, into: output)
        case .whisper:
            let weights = names.contains("model.bin") ? "/model.bin" : "/model.safetensors"
            try WhisperImport.convert(weights: folder + weights, descriptions: folder, into: output)
        }
    }
}
