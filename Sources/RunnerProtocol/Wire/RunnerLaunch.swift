import Inference

/// What a runner is told when it starts: one line of JSON on its standard input.
///
/// The input then stays open for as long as the server lives: its end tells the runner to finish and leave, so a
/// server that is killed leaves no runner behind. When it listens, the runner writes its
/// ``Inference/EngineDescription`` as one line to its standard output, or an ``Inference/InferenceError`` if it cannot.
public struct RunnerLaunch: Codable, Sendable, Equatable {
    /// Where to listen; in a folder that only the user may enter.
    public var socketPath: String
    /// The model's main file.
    public var modelPath: String
    /// The file that makes the model see or hear, where it has one.
    public var projectorPath: String?
    /// What the model is for; says which engine is made where one executable holds several.
    public var capability: Capability
    /// What stands for the bytes of all its files.
    public var modelDigest: String
    /// Whether the model was trained so that the first components of a vector are a vector too.
    public var shortensVectors: Bool
    public var threads: Int
    public var maximumThreads: Int
    /// Tokens a request may have; 0 leaves it to the model.
    public var contextLength: Int
    public var parallelRequests: Int
    public var queueLimit: Int
    public var cacheBudgetBytes: Int
    /// What computes, for engines that have a choice: `cpu`, `gpu`, `npu`, or `auto`, the engine's own.
    public var device: String
    /// What numbers are computed in, for engines that have a choice: `f32`, `bf16`, or `auto`, the faster one of those
    /// that the device computes without loss worth mentioning.
    public var precision: String
    /// Where compiled models are kept for the next start; need not exist. `nil` keeps none.
    public var compiledModelFolder: String?
    /// The least severe lines that the runner writes to its standard error, by swift-log's names.
    public var logLevel: String

    /// Where the model's files lie, for engines that open what they find there.
    public var modelFolder: String {
        modelPath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    public init(
        socketPath: String, modelPath: String, projectorPath: String? = nil, capability: Capability,
        modelDigest: String, shortensVectors: Bool = false, threads: Int, maximumThreads: Int, contextLength: Int,
        parallelRequests: Int, queueLimit: Int, cacheBudgetBytes: Int, device: String = "cpu",
        precision: String = "auto", compiledModelFolder: String? = nil, logLevel: String
    ) {
        self.socketPath = socketPath
        self.modelPath = modelPath
        self.projectorPath = projectorPath
        self.capability = capability
        self.modelDigest = modelDigest
        self.shortensVectors = shortensVectors
        self.threads = threads
        self.maximumThreads = maximumThreads
        self.contextLength = contextLength
        self.parallelRequests = parallelRequests
        self.queueLimit = queueLimit
        self.cacheBudgetBytes = cacheBudgetBytes
        self.device = device
        self.precision = precision
        self.compiledModelFolder = compiledModelFolder
        self.logLevel = logLevel
    }
}

/// The one line a runner writes when its engine has loaded, or could not.
public enum RunnerAnnouncement: Codable, Sendable, Equatable {
    case ready(EngineDescription)
    case failed(InferenceError)
}
