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
    /// What stands for the bytes of all its files.
    public var modelDigest: String
    public var threads: Int
    public var maximumThreads: Int
    /// Tokens a request may have; 0 leaves it to the model.
    public var contextLength: Int
    public var parallelRequests: Int
    public var queueLimit: Int
    public var cacheBudgetBytes: Int
    /// The least severe lines that the runner writes to its standard error, by swift-log's names.
    public var logLevel: String

    public init(
        socketPath: String, modelPath: String, projectorPath: String? = nil, modelDigest: String, threads: Int,
        maximumThreads: Int, contextLength: Int, parallelRequests: Int, queueLimit: Int, cacheBudgetBytes: Int,
        logLevel: String
    ) {
        self.socketPath = socketPath
        self.modelPath = modelPath
        self.projectorPath = projectorPath
        self.modelDigest = modelDigest
        self.threads = threads
        self.maximumThreads = maximumThreads
        self.contextLength = contextLength
        self.parallelRequests = parallelRequests
        self.queueLimit = queueLimit
        self.cacheBudgetBytes = cacheBudgetBytes
        self.logLevel = logLevel
    }
}

/// The one line a runner writes when its engine has loaded, or could not.
public enum RunnerAnnouncement: Codable, Sendable, Equatable {
    case ready(EngineDescription)
    case failed(InferenceError)
}
