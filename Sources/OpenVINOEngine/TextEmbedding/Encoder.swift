import Foundation
import Inference
import OpenVINORuntime
import Tokenizers

/// A text encoder as loaded: its network, its tokenizer and what its folder says.
struct Encoder: Sendable {
    let network: any EncoderNetwork
    let reader: TextReader
    let fingerprint: String

    /// - Throws: ``Inference/InferenceError``.
    init(_ configuration: OpenVINOEngine.Configuration, log: @escaping Log) throws {
        let folder = configuration.folder
        let settings = try EncoderSettings(folder: folder)
        let tokenizer = try Self.tokenizer(folder, log)
        network = try Self.network(configuration, settings, log)

        let vocabularySize = network.vocabularySize ?? settings.vocabularySize ?? tokenizer.vocabularySize
        guard tokenizer.vocabularySize <= vocabularySize else {
            throw InferenceError(
                .unsupported, "The model's tokenizer has tokens that the model does not know; install the model again.",
                parameter: "model")
        }
        guard tokenizer.wrap([]).count < network.maximumLength else {
            throw InferenceError(
                .unsupported, "The model reads no more tokens than its tokenizer puts around every text.",
                parameter: "model")
        }
        reader = TextReader(tokenizer, maximumLength: network.maximumLength, vocabularySize: vocabularySize)
        fingerprint = Fingerprint.of(
            configuration.modelDigest, network.name, configuration.device.name, network.precision, "\(settings)")
    }

    private static func tokenizer(_ folder: String, _ log: Log) throws(InferenceError) -> any TextTokenizer {
        do {
            return try TokenizerFile.read("\(folder)/tokenizer.json")
        } catch {
            log(.error, "tokenizer.json: \(error)")
            throw InferenceError(
                .unsupported, "The model's tokenizer.json is missing, or of a kind that is not supported.",
                parameter: "model")
        }
    }

    /// The faster of the networks that the folder and the machine have.
    private static func network(
        _ configuration: OpenVINOEngine.Configuration, _ settings: EncoderSettings, _ log: @escaping Log
    ) throws -> any EncoderNetwork {
        if let half = try HalfEncoder(configuration, settings, log) { return half }
        do {
            return try EncoderGraph(configuration, settings)
        } catch let error as OpenVINOError {
            // The log has what OpenVINO says, the client what it can do.
            log(.error, "\(error)")
            throw InferenceError(
                .unavailable, "The model's files cannot be loaded; the log says why. Install the model again.")
        }
    }
}
