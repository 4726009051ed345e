#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whisper models, from the weights of CTranslate2 or of the transformers library to OpenVINO IR.
package enum WhisperImport {
    /// Writes the graphs `encoder`, `decoder` and `aligner`, each as `.xml` and `.bin`, and `whisper.json`.
    ///
    /// The encoder's input is `mel`, f32 [1, bands, 3000], its outputs are `cross_key.i` and `cross_value.i` for each
    /// layer of the decoder, bf16 [1, heads, 1500, head width]. The other graphs are described at
    /// ``WhisperDecoderGraph`` and ``WhisperAlignerGraph``. Matrices are made 8 bits wide: at one token a
    /// step reading them is most of the work, and CPUs without AMX multiply 8 bits faster than 16 or 32. What is left
    /// stays as wide as it is stored.
    ///
    /// - Parameters:
    ///   - weights: the path of `model.bin` or `model.safetensors`.
    ///   - source: an existing folder with `tokenizer.json`, `config.json`, and perhaps `generation_config.json`.
    ///   - folder: an existing folder for the results.
    /// - Throws: ``ModelImportError``.
    package static func convert(
        weights: String, descriptions source: String, into folder: String
    ) throws(ModelImportError) {
        if weights.hasSuffix(".safetensors") {
            let configuration: TransformersWhisperConfiguration = try decode(source + "/config.json")
            let weights = try TransformersWhisper(SafetensorsFile(weights), configuration)
            try convert(weights, descriptions: source, into: folder)
        } else {
            try convert(CTranslate2Whisper(CTranslate2File(weights)), descriptions: source, into: folder)
        }
    }

    private static func convert(
        _ weights: some WhisperWeights, descriptions source: String, into folder: String
    ) throws(ModelImportError) {
        let dimensions = weights.dimensions
        let vocabulary = try WhisperVocabulary(decode(source + "/tokenizer.json"), size: dimensions.vocabulary)
        let generation = try generation(source)
        let heads = try generation.alignmentHeads(dimensions)
        try WhisperEncoderGraph(weights).graph.write(to: folder, name: "encoder")
        try WhisperDecoderGraph(weights).graph.write(to: folder, name: "decoder")
        try WhisperAlignerGraph(weights, heads: heads).graph.write(to: folder, name: "aligner")
        try WhisperDescription(dimensions, vocabulary, generation, alignmentHeads: heads).write(to: folder)
    }

    /// The transformers library has a file of its own for it.
    private static func generation(_ folder: String) throws(ModelImportError) -> WhisperGeneration {
        let own = folder + "/generation_config.json"
        return try decode(FileManager.default.fileExists(atPath: own) ? own : folder + "/config.json")
    }

    /// Large vocabularies have some megabytes.
    private static let fileLimit = 64 << 20

    private static func decode<Value: Decodable>(_ path: String) throws(ModelImportError) -> Value {
        let file = try FileReader(path)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let bytes = try file.readAll(limit: fileLimit)
        guard let value = try? decoder.decode(Value.self, from: Data(bytes)) else {
            throw ModelImportError(.malformed, "\(file.name) does not hold what it should.")
        }
        return value
    }
}
