import CLlama
import Inference

/// llama.cpp as an engine of text vectors: one GGUF model, loaded, the texts of all requests computed together.
///
/// Encoders and decoders alike; how their tokens' states become a vector the model's file says.
public final class LlamaEmbeddingEngine: Engine, EmbeddingEngine {
    public struct Configuration: Sendable {
        /// The GGUF file.
        public var modelPath: String
        /// What stands for the model's bytes in the fingerprint.
        public var modelDigest: String
        /// Threads to compute with at first.
        public var threads: Int
        /// The most threads that ``LlamaEmbeddingEngine/setThreads(_:)`` may ask for.
        public var maximumThreads: Int
        /// Tokens that a text may have; 0 leaves it to the model.
        public var contextLength: Int
        /// Requests that may be in flight together.
        public var requestLimit: Int
        /// Whether the model was trained so that the first components of a vector are a vector too.
        public var shortensVectors: Bool

        public init(
            modelPath: String, modelDigest: String, threads: Int, maximumThreads: Int, contextLength: Int = 0,
            requestLimit: Int = 72, shortensVectors: Bool = false
        ) {
            self.modelPath = modelPath
            self.modelDigest = modelDigest
            self.threads = threads
            self.maximumThreads = maximumThreads
            self.contextLength = contextLength
            self.requestLimit = requestLimit
            self.shortensVectors = shortensVectors
        }
    }

    public let description: EngineDescription

    private let tokens: EmbeddingTokens
    private let shape: VectorShape
    private let scheduler: EmbeddingScheduler
    private let maximumThreads: Int

    /// Loads the model and warms it up.
    ///
    /// - Throws: ``InferenceError``: `unavailable` where the file is no model or memory does not suffice,
    ///   `unsupported` where the model makes no vectors of texts.
    public init(_ configuration: Configuration, log: @escaping Log = { _, _ in }) async throws {
        Backend.start(log: log)
        let model = try LlamaModel(path: configuration.modelPath)
        let traits = try model.poolingTraits()
        let tokenizer = Tokenizer(model)
        let plan = PoolingPlan(
            trainedContext: model.trainedContextLength, requestedContext: configuration.contextLength,
            isBidirectional: traits.isBidirectional, vocabularySize: tokenizer.vocabularySize,
            canTruncate: model.cacheCanBeTruncated)
        let threads = configuration.threads
        let maximumThreads = max(threads, configuration.maximumThreads)

        tokens = try EmbeddingTokens(tokenizer, contextLength: plan.contextLength)
        shape = VectorShape(
            dimensions: Int(llama_model_n_embd_out(model.pointer)), shortensVectors: configuration.shortensVectors)
        self.maximumThreads = maximumThreads
        scheduler = EmbeddingScheduler(requestLimit: configuration.requestLimit)
        let version = String(cString: llama_version())
        description = EngineDescription(
            capabilities: [.embeddings], engine: "llama.cpp \(version)", device: LlamaModel.device,
            fingerprint: Fingerprint.of(configuration.modelDigest, version, "\(traits)", "\(plan)"),
            contextLength: plan.contextLength, parallelRequests: configuration.requestLimit)
        let first = try await tokens.tokens(of: EmbeddingRequest(inputs: [.text("A first text.")], truncation: .end))
        try await scheduler.start(threads: threads) {
            let context = try LlamaPoolingContext(
                model, traits: traits, plan: plan, threads: threads, maximumThreads: maximumThreads)
            // Reads the weights in, and tells at once where a model of this kind has no vectors to give.
            var vector = Array(repeating: Float(0), count: context.dimensions)
            try context.pool(first, into: &vector)
            return context
        }
    }

    public func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        let dimensions = try shape.dimensions(asked: request.dimensions)
        let texts = try await tokens.tokens(of: request)
        let vectors = try await scheduler.submit(texts).vectors()
        return Embeddings(
            values: try shape.unitVectors(vectors, dimensions: dimensions), dimensions: dimensions,
            promptTokens: texts.map(\.count).reduce(0, +))
    }

    public func statistics() async -> EngineStatistics { scheduler.statistics }

    public func setThreads(_ count: Int) async {
        scheduler.setThreads(min(max(1, count), maximumThreads))
    }

    public func shutDown() async {
        await scheduler.stop()
    }
}
