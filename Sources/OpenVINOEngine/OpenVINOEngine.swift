import Foundation
import Inference
import OpenVINORuntime

/// The engines that stand on OpenVINO, made of a model's folder.
public enum OpenVINOEngine {
    public struct Configuration: Sendable {
        /// The model's folder; its files have the names that their makers gave them.
        public var folder: String
        /// What the model is for.
        public var capability: Capability
        /// What stands for the model's bytes in the fingerprint.
        public var modelDigest: String
        /// Threads to compute with at first.
        public var threads: Int
        /// The most threads that `setThreads` may ask for.
        public var maximumThreads: Int
        public var device: Device
        public var precision: Precision
        /// Where compiled models are kept for the next start; `nil` keeps none.
        public var compiledModelFolder: String?
        /// Requests that may be in flight together.
        public var requestLimit: Int
        /// Whether the model was trained so that the first components of a vector are a vector too.
        public var shortensVectors: Bool

        public init(
            folder: String, capability: Capability, modelDigest: String, threads: Int, maximumThreads: Int,
            device: Device = .cpu, precision: Precision = .auto, compiledModelFolder: String? = nil,
            requestLimit: Int = 72, shortensVectors: Bool = false
        ) {
            self.folder = folder
            self.capability = capability
            self.modelDigest = modelDigest
            self.threads = max(1, threads)
            self.maximumThreads = max(1, threads, maximumThreads)
            self.device = device
            self.precision = precision
            self.compiledModelFolder = compiledModelFolder
            self.requestLimit = requestLimit
            self.shortensVectors = shortensVectors
        }
    }

    /// Loads a model.
    ///
    /// - Returns: an `EmbeddingEngine` or an `ImageUpscalingEngine`, as the capability and the folder's files say.
    /// - Throws: ``Inference/InferenceError``.
    public static func load(_ configuration: Configuration, log: @escaping Log = { _, _ in }) async throws -> any Engine
    {
        switch configuration.capability {
        case .embeddings where isCLIP(configuration.folder): try await CLIPEngine(configuration, log: log)
        case .embeddings: try await TextEmbeddingEngine(configuration, log: log)
        case .imageVariation: try await UpscalingEngine(configuration, log: log)
        case .chat, .transcription:
            throw InferenceError(
                .unsupported, "OpenVINO serves models that embed or upscale, not this one.", parameter: "model")
        }
    }

    /// Whether the folder holds a tower for texts, as models of texts and pictures do.
    private static func isCLIP(_ folder: String) -> Bool { (try? modelFile("text_model", in: folder)) != nil }

    /// The path of a graph by its name without the ending: OpenVINO IR where it is there, else ONNX.
    package static func modelFile(_ name: String, in folder: String) throws(InferenceError) -> String {
        let candidates = ["\(folder)/\(name).xml", "\(folder)/\(name).onnx"]
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw InferenceError(
                .unavailable, "The model has neither \(name).xml nor \(name).onnx; install the model again.")
        }
        return found
    }
}
