import CLlama
import Inference

/// llama.cpp as a chat engine: one GGUF model, loaded, its requests computed together.
public final class LlamaEngine: Engine, ChatEngine {
    public struct Configuration: Sendable {
        /// The GGUF file.
        public var modelPath: String
        /// The projector's GGUF file, where the model has one that makes it see or hear.
        public var projectorPath: String?
        /// What stands for the model's bytes, and its projector's, in the fingerprint.
        public var modelDigest: String
        /// Threads to compute with at first.
        public var threads: Int
        /// The most threads that ``LlamaEngine/setThreads(_:)`` may ask for.
        public var maximumThreads: Int
        /// Tokens of prompt and answer that a request may have; 0 leaves it to the model.
        public var contextLength: Int
        /// Requests computed side by side.
        public var parallelRequests: Int
        /// Further requests that may wait.
        public var queueLimit: Int
        /// Bytes that the cache of keys and values may take beyond what one request needs.
        public var cacheBudgetBytes: Int

        public init(
            modelPath: String, projectorPath: String? = nil, modelDigest: String, threads: Int, maximumThreads: Int,
            contextLength: Int = 0, parallelRequests: Int = 8, queueLimit: Int = 64, cacheBudgetBytes: Int = 1 << 30
        ) {
            self.modelPath = modelPath
            self.projectorPath = projectorPath
            self.modelDigest = modelDigest
            self.threads = threads
            self.maximumThreads = maximumThreads
            self.contextLength = contextLength
            self.parallelRequests = parallelRequests
            self.queueLimit = queueLimit
            self.cacheBudgetBytes = cacheBudgetBytes
        }
    }

    public let description: EngineDescription

    let model: LlamaModel
    let tokenizer: Tokenizer
    let pieces: PieceOrder
    let template: ChatTemplate
    let scheduler: Scheduler
    let projector: Projector?
    let contextLength: Int
    let batchCapacity: Int
    let maximumThreads: Int

    /// Loads the model and warms it up.
    ///
    /// - Throws: ``InferenceError``: `unavailable` where the file is no model or memory does not suffice,
    ///   `unsupported` where the model cannot chat.
    public init(_ configuration: Configuration, log: @escaping Log = { _, _ in }) async throws {
        Backend.start(log: log)
        let model = try LlamaModel(path: configuration.modelPath)
        if let reason = model.reasonItCannotGenerate {
            throw InferenceError(.unsupported, "This model cannot chat. \(reason)", parameter: "model")
        }
        let plan = CachePlan(
            trainedContext: model.trainedContextLength, requestedContext: configuration.contextLength,
            parallel: configuration.parallelRequests, bytesPerToken: model.cacheBytesPerToken,
            budgetBytes: configuration.cacheBudgetBytes, canTruncate: model.cacheCanBeTruncated)
        let (threads, maximumThreads) = (
            configuration.threads, max(configuration.threads, configuration.maximumThreads)
        )

        self.model = model
        tokenizer = Tokenizer(model)
        pieces = PieceOrder(tokenizer)
        template = try ChatTemplate(model)
        projector = try configuration.projectorPath.map { try Projector(path: $0, model: model, threads: threads) }
        contextLength = plan.contextLength
        batchCapacity = plan.batchCapacity
        self.maximumThreads = maximumThreads
        scheduler = Scheduler(parallel: configuration.parallelRequests, queueLimit: configuration.queueLimit)
        let version = String(cString: llama_version())
        description = EngineDescription(
            capabilities: [.chat], engine: "llama.cpp \(version)", device: LlamaModel.device,
            fingerprint: Fingerprint.of(configuration.modelDigest, version, "\(plan)"),
            contextLength: plan.contextLength, parallelRequests: configuration.parallelRequests)
        try await scheduler.start(tokenizer: tokenizer, suppressed: tokenizer.suppressed, threads: threads) {
            try LlamaContext(model, plan: plan, threads: threads, maximumThreads: maximumThreads)
        }
    }

    public func generate(_ request: GenerationRequest) async throws -> Generation {
        switch request {
        case .chat(let chat): try answer(chat)
        case .completion(let completion): try complete(completion)
        }
    }

    public func statistics() async -> EngineStatistics { scheduler.statistics }

    public func setThreads(_ count: Int) async {
        scheduler.setThreads(min(max(1, count), maximumThreads))
    }

    public func shutDown() async {
        await scheduler.stop()
    }
}
