import OpenVINORuntime

extension WhisperEngine {
    public struct Configuration: Sendable {
        /// The model's folder.
        public var folder: String
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
        /// Sounds that may be worked on or wait together.
        public var requestLimit: Int

        public init(
            folder: String, modelDigest: String, threads: Int, maximumThreads: Int, device: Device = .cpu,
            precision: Precision = .auto, compiledModelFolder: String? = nil, requestLimit: Int = 72
        ) {
            self.folder = folder
            self.modelDigest = modelDigest
            self.threads = max(1, threads)
            self.maximumThreads = max(1, threads, maximumThreads)
            self.device = device
            self.precision = precision
            self.compiledModelFolder = compiledModelFolder
            self.requestLimit = requestLimit
        }
    }
}
