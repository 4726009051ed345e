import CLlama
import Inference

/// llama.cpp as a chat engine: one GGUF model, loaded, its requests computed together.
public final class LlamaEngine: Engine, ChatEngine {
    public struct Configuration: Sendable {
        /// The GGUF file.
        public var modelPath: String
        /// What stands for the model's bytes in the fingerprint.
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
            modelPath: String, modelDigest: String, threads: Int, maximumThreads: Int, contextLength: Int = 0,
            parallelRequests: Int = 8, queueLimit: Int = 64, cacheBudgetBytes: Int = 1 << 30
        ) {
            self.modelPath = modelPath
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

    private let tokenizer: Tokenizer
    private let template: ChatTemplate
    private let scheduler: Scheduler
    private let contextLength: Int
    private let maximumThreads: Int

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

        tokenizer = Tokenizer(model)
        template = try ChatTemplate(model)
        contextLength = plan.contextLength
        self.maximumThreads = maximumThreads
        scheduler = Scheduler(parallel: configuration.parallelRequests, queueLimit: configuration.queueLimit)
        let version = String(cString: llama_version())
        description = EngineDescription(
            capabilities: [.chat], engine: "llama.cpp \(version)",
            fingerprint: Fingerprint.of(configuration.modelDigest, version, "\(plan)"),
            contextLength: plan.contextLength, parallelRequests: configuration.parallelRequests)
        try await scheduler.start(tokenizer: tokenizer, suppressed: tokenizer.suppressed, threads: threads) {
            try LlamaContext(model, plan: plan, threads: threads, maximumThreads: maximumThreads)
        }
    }

    public func chat(_ request: ChatRequest) async throws -> Generation {
        let rendered = try template.render(request.messages)
        let prompt = try tokenizer.tokens(of: rendered.prompt)
        try check(request, prompt)
        let mailbox = scheduler.makeMailbox()
        try scheduler.submit(
            GenerationJob(
                prompt: prompt, sampling: request.sampling, stops: request.stop + rendered.stops,
                maximumTokens: request.maximumTokens, mailbox: mailbox))
        return Generation(mailbox)
    }

    private func check(_ request: ChatRequest, _ prompt: [Int32]) throws {
        guard !prompt.isEmpty else {
            throw InferenceError(.invalidRequest, "These messages make an empty prompt.", parameter: "messages")
        }
        guard prompt.count < contextLength else {
            throw InferenceError(
                .contextLengthExceeded,
                "The prompt has \(prompt.count) tokens; this model's context holds \(contextLength), prompt and answer "
                    + "together. Shorten the messages.", parameter: "messages")
        }
        let vocabulary = Int32(clamping: tokenizer.vocabularySize)
        if let token = request.sampling.logitBias.keys.filter({ $0 < 0 || $0 >= vocabulary }).min() {
            throw InferenceError(
                .invalidRequest,
                "Token \(token) is not in this model's vocabulary; its ids are 0 to \(vocabulary - 1).",
                parameter: "logit_bias")
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
