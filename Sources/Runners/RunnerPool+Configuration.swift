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
        /// How many models there may be in memory, and for how long.
        public var memory: Memory
        /// Where it is kept what models took, for the next server; `nil` keeps it nowhere.
        public var sizesFile: String?
        /// In which a runner must answer what needs no computation: its counts, a change of its threads.
        public var controlTimeout: Duration

        public init(
            socketDirectory: String, socketPrefix: String, cores: Int, contextLength: Int = 0,
            parallelRequests: Int = 8, queueLimit: Int = 64, cacheBudgetBytes: Int = 256 << 20, device: String = "cpu",
            precision: String = "auto", compiledModelFolder: String? = nil, runnerLogLevel: Logger.Level = .info,
            memory: Memory = Memory(), sizesFile: String? = nil, controlTimeout: Duration = .seconds(10)
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
            self.memory = memory
            self.sizesFile = sizesFile
            self.controlTimeout = controlTimeout
        }
    }

    /// How many models there may be in memory, and for how long.
    public struct Memory: Sendable {
        /// Bytes that all models together may take; 0 is what the machine has, less a margin for other programs.
        public var budgetBytes: Int
        /// How many models may be loaded at once; 0 is as many as fit.
        public var maximumLoaded: Int
        /// How long a model stays after its last answer.
        public var keepAlive: KeepAlive
        /// The same for some models, by id or another of their names.
        public var keepAliveOf: [String: KeepAlive]
        /// Models that leave only when they are told to, by id or another of their names.
        public var pinned: Set<String>
        /// How long a request waits for room while others are answering.
        public var waitLimit: Duration

        public init(
            budgetBytes: Int = 0, maximumLoaded: Int = 0, keepAlive: KeepAlive = .standard,
            keepAliveOf: [String: KeepAlive] = [:], pinned: Set<String> = [], waitLimit: Duration = .seconds(60)
        ) {
            self.budgetBytes = budgetBytes
            self.maximumLoaded = maximumLoaded
            self.keepAlive = keepAlive
            self.keepAliveOf = keepAliveOf
            self.pinned = pinned
            self.waitLimit = waitLimit
        }
    }
}
