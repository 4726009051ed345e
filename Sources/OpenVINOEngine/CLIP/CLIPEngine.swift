import Inference
import OpenVINORuntime
import SystemSupport
import Tokenizers

/// CLIP as an engine: a text tower and a vision tower, whose vectors lie in one space.
///
/// The folder has `text_model` and `vision_model`, each `.onnx` or IR, `tokenizer.json`, and `preprocessor_config.json`
/// where pictures are not prepared as CLIP's own are.
public final class CLIPEngine: Engine, EmbeddingEngine {
    public let description: EngineDescription

    private let texts: TextReader
    private let pictures: CLIPPictureReaders
    private let shape: VectorShape
    private let scheduler: CLIPScheduler
    private let laneCount: Int
    private let maximumThreads: Int
    private let requestLimit: Int
    private let counts: Locked<EngineStatistics>
    /// Deals out the work until the engine is shut down.
    private let dealing: Task<Void, Never>

    /// Loads the model and warms it up.
    ///
    /// - Throws: ``Inference/InferenceError``: `unavailable` where files are missing or damaged or memory does not suffice,
    ///   `unsupported` where they are no CLIP model that can be served.
    public init(_ configuration: OpenVINOEngine.Configuration, log: @escaping Log = { _, _ in }) async throws {
        maximumThreads = configuration.maximumThreads
        let laneCount = configuration.device.isCPU ? min(maximumThreads, Self.mostLanes) : Self.lanesOfOtherDevices
        self.laneCount = laneCount
        requestLimit = configuration.requestLimit
        let settings = try CLIPPictureSettings(folder: configuration.folder)
        let tokenizer = try Self.tokenizer(in: configuration.folder, log)
        let (towers, lanes) = try await Self.reportingOpenVINO(log) {
            // Reading and compiling block for seconds.
            let loading = try await InferenceLane("loading") {}
            let towers = try await loading.run { _ in
                try CLIPTowers(configuration, crop: settings.crop, streams: laneCount)
            }
            var lanes: [InferenceLane<CLIPRun>] = []
            for number in 0..<laneCount {
                let lane = try await InferenceLane("clip \(number)") { try CLIPRun(towers, padding: tokenizer.end) }
                try await lane.run { try $0.warmUp() }
                lanes.append(lane)
            }
            return (towers, lanes)
        }
        let contextLength = towers.textPorts.length ?? Self.contextLength
        texts = TextReader(
            tokenizer.tokenizer, maximumLength: contextLength, vocabularySize: tokenizer.tokenizer.vocabularySize)
        pictures = try await CLIPPictureReaders(
            CLIPPreprocessor(settings, maximumPixels: PictureLimits.embedding.maximumPixels), threads: maximumThreads)
        shape = VectorShape(
            dimensions: towers.visionPorts.width, shortensVectors: configuration.shortensVectors)
        let scheduler = CLIPScheduler(
            rowLengths: towers.textPorts.length.map { [$0] } ?? EncoderGraph.rowLengths(upTo: contextLength),
            maximumRows: towers.textPorts.rows ?? .max, lanes: laneCount)
        self.scheduler = scheduler
        counts = Locked(EngineStatistics())
        description = EngineDescription(
            capabilities: [.embeddings], engine: "OpenVINO \(Core.version)", device: towers.device,
            fingerprint: Fingerprint.of(
                configuration.modelDigest, Core.version, configuration.device.name,
                towers.vision.property("INFERENCE_PRECISION_HINT") ?? "", "\(settings)"),
            contextLength: contextLength, parallelRequests: configuration.requestLimit)
        dealing = Task {
            await scheduler.run { work in
                do {
                    return try await lanes[work.lane].run { try $0.vectors(of: work) }
                } catch {
                    log(.error, "\(error)")
                    throw InferenceError(.internal, "The engine could not compute this request; its log says why.")
                }
            }
        }
        await setThreads(configuration.threads)
    }

    /// Tokens of a text with its start and its end, in all models that were published as CLIP.
    private static let contextLength = 77
    /// Each has its own memory for what is computed on the way; more threads than lanes share them out.
    private static let mostLanes = 4
    /// Batches that a GPU or NPU is given at once, so that one is copied while another is computed.
    private static let lanesOfOtherDevices = 2

    /// - Returns: the tokenizer, and the token that ends texts.
    private static func tokenizer(
        in folder: String, _ log: Log
    ) throws(InferenceError) -> (tokenizer: any TextTokenizer, end: Int32) {
        let tokenizer: any TextTokenizer
        do {
            tokenizer = try TokenizerFile.read("\(folder)/tokenizer.json")
        } catch {
            log(.error, "tokenizer.json: \(error)")
            throw InferenceError(
                .unsupported, "The model's tokenizer.json is missing, or of a kind that is not supported.",
                parameter: "model")
        }
        let special = tokenizer.wrap([])
        guard special.count == 2 else {
            throw InferenceError(
                .unsupported, "This model's tokenizer does not put a start and an end token around texts.",
                parameter: "model")
        }
        return (tokenizer, special[1])
    }

    /// Logs what OpenVINO says, and says to the client what it can do.
    private static func reportingOpenVINO<Loaded>(_ log: Log, _ body: () async throws -> Loaded) async throws -> Loaded
    {
        do {
            return try await body()
        } catch let error as OpenVINOError {
            log(.error, "\(error)")
            throw InferenceError(
                .unavailable, "The model's files cannot be loaded; the log says why. Install the model again.",
                parameter: "model")
        }
    }

    // MARK: Engine

    public func statistics() async -> EngineStatistics {
        var statistics = counts.withLock { $0 }
        (statistics.steps, statistics.promptTokens) = scheduler.progress
        return statistics
    }

    /// Threads are dealt out by lanes, each of which has its share of them for good.
    public func setThreads(_ count: Int) async {
        let threads = min(max(1, count), maximumThreads)
        counts.withLock { $0.threads = threads }
        scheduler.allowLanes(threads * laneCount / maximumThreads)
        pictures.useThreads(threads)
    }

    public func shutDown() async {
        scheduler.stop()
        await dealing.value
    }

    // MARK: EmbeddingEngine

    public func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        let dimensions = try shape.dimensions(asked: request.dimensions)
        return try await counting {
            var (textInputs, files): ([EmbeddingRequest.Input], [[UInt8]]) = ([], [])
            for input in request.inputs {
                if case .image(let file) = input { files.append(file) } else { textInputs.append(input) }
            }
            let tokens = try await texts.tokens(
                of: EmbeddingRequest(inputs: textInputs, truncation: request.truncation))
            async let textVectors = scheduler.vectors(of: tokens.map { .text($0) })
            let pictureVectors = try await vectors(of: files)
            // Texts first, whatever their order was; so the request has them.
            return Embeddings(
                values: try shape.unitVectors(try await textVectors + pictureVectors, dimensions: dimensions),
                dimensions: dimensions, promptTokens: tokens.reduce(0) { $0 + $1.count })
        }
    }

    /// Decodes some pictures while others are computed; no more than a few batches of them are in memory.
    private func vectors(of files: [[UInt8]]) async throws -> [Float] {
        try await withThrowingTaskGroup(of: (index: Int, vector: [Float]).self) { group in
            func add(_ index: Int) {
                group.addTask { [pictures, scheduler] in
                    let values = try await pictures.values(of: files[index], parameter: "images[\(index)]")
                    return (index, try await scheduler.vectors(of: [.picture(values)]))
                }
            }
            let window = min(files.count, 2 * CLIPScheduler.picturesInBatch)
            for index in 0..<window { add(index) }
            var (vectors, next) = (Array(repeating: [Float](), count: files.count), window)
            while let done = try await group.next() {
                vectors[done.index] = done.vector
                if next < files.count { add(next) }
                next += 1
            }
            return vectors.flatMap(\.self)
        }
    }

    /// Counts a request while it is computed, and how it ends.
    private func counting(_ body: () async throws -> Embeddings) async throws -> Embeddings {
        try counts.withLock { counts in
            guard counts.running < requestLimit else {
                throw InferenceError(
                    .overloaded,
                    "\(requestLimit) requests are running or waiting for this model already; try again later.",
                    retryAfterSeconds: 1)
            }
            counts.running += 1
        }
        do {
            let embeddings = try await body()
            counts.withLock { ($0.running, $0.completedRequests) = ($0.running - 1, $0.completedRequests + 1) }
            return embeddings
        } catch {
            counts.withLock { counts in
                counts.running -= 1
                if error is CancellationError { counts.cancelledRequests += 1 } else { counts.failedRequests += 1 }
            }
            throw error
        }
    }
}
