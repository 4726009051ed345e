import Logging

extension RunnerPool {
    /// What a pool is told when it is made.
    public struct Configuration: Sendable {
        /// A folder that only the user may enter, with a short path.
        public var socketDirectory: String
        /// What sets this server's sockets apart from those of others in the folder.
        public var socketPrefix: String
        /// Cores to be dealt to runners.
        public var cores: Int
        /// Tokens a request may have; 0 leaves it to the model.
        public var contextLength: Int
        /// Requests that a runner computes side by side.
        public var parallelRequests: Int
        /// Further requests that may wait for a runner.
        public var queueLimit: Int
        /// Bytes that a runner's cache of keys and values may take beyond what one request needs.
        public var cacheBudgetBytes: Int
        /// What computes, for engines that have a choice, as ``RunnerProtocol/RunnerLaunch/device`` has it.
        public var device: String
        /// What is computed in, for engines that have a choice, as ``RunnerProtocol/RunnerLaunch/precision`` has it.
        public var precision: String
        /// Where runners keep compiled models for their next start; `nil` keeps none.
        public var compiledModelFolder: String?
        /// What runners log, by swift-log's names.
        public var runnerLogLevel: Logger.Level

        public init(
            socketDirectory: String, socketPrefix: String, cores: Int, contextLength: Int = 0,
            parallelRequests: Int = 8, queueLimit: Int = 64, cacheBudgetBytes: Int = 256 << 20, device: String = "cpu",
            precision: String = "auto", compiledModelFolder: String? = nil, runnerLogLevel: Logger.Level = .info
        ) {
            self.socketDirectory = socketDirectory
            self.socketPrefix = socketPrefix
            self.cores = cores
            self.contextLength = contextLength
            self.parallelRequests = parallelRequests
            self.queueLimit = queueLimit
            self.cacheBudgetBytes = cacheBudgetBytes
            self.device = device
            self.precision = precision
            self.compiledModelFolder = compiledModelFolder
            self.runnerLogLevel = runnerLogLevel
        }
    }
}
