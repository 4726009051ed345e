import Inference
import Synchronization

/// An engine that can do everything, as the test tells it to.
final class FakeEngine: Engine, ChatEngine, EmbeddingEngine, TranscriptionEngine, ImageUpscalingEngine {
    let description = EngineDescription(
        capabilities: Capability.allCases, engine: "fake 1.0", device: "cpu", fingerprint: "fp_0123456789abcdef",
        contextLength: 4096, parallelRequests: 4)

    /// What the engine was asked, and how the work that waits ended.
    struct Seen: Sendable {
        var chats: [ChatRequest] = []
        var embeddings: [EmbeddingRequest] = []
        var transcriptions: [(request: TranscriptionRequest, file: String)] = []
        var pictures: [[UInt8]] = []
        var threads: [Int] = []
    }

    private let seen = Mutex(Seen())
    /// What a chat gives: its batches of events, then its failure if it has one.
    private let answer: Mutex<(batches: [[GenerationEvent]], failure: InferenceError?)>
    private let refusal: InferenceError?
    private let waits: Bool
    /// Yields when work that waits has begun, and again when it was cancelled.
    let signals: AsyncStream<Signal>
    private let post: AsyncStream<Signal>.Continuation

    enum Signal: Equatable, Sendable {
        case begun
        case cancelled
    }

    /// - Parameters:
    ///   - failure: ends a chat or transcription after its events.
    ///   - refusal: thrown before anything is answered.
    ///   - waits: whether work, after its events, goes on until it is cancelled.
    init(
        _ batches: [[GenerationEvent]] = [], failure: InferenceError? = nil, refusal: InferenceError? = nil,
        waits: Bool = false
    ) {
        answer = Mutex((batches, failure))
        self.refusal = refusal
        self.waits = waits
        (signals, post) = AsyncStream.makeStream()
    }

    var asked: Seen { seen.withLock { $0 } }

    func statistics() async -> EngineStatistics {
        EngineStatistics(
            running: 1, queued: 2, threads: 3, cachedSequences: 4, completedRequests: 5, cancelledRequests: 6,
            failedRequests: 7, promptTokens: 8, cachedPromptTokens: 9, completionTokens: 10, steps: 11, preemptions: 12)
    }

    func setThreads(_ count: Int) async { seen.withLock { $0.threads.append(count) } }

    func shutDown() async {}

    func generate(_ request: GenerationRequest) async throws -> AsyncThrowingStream<[GenerationEvent], any Error> {
        if let refusal { throw refusal }
        if case .chat(let chat) = request { seen.withLock { $0.chats.append(chat) } }
        let (batches, failure) = answer.withLock { $0 }
        return stream(of: batches, failure)
    }

    func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        if let refusal { throw refusal }
        seen.withLock { $0.embeddings.append(request) }
        try await waitIfTold()
        return Embeddings(values: Self.vectors, dimensions: 3, promptTokens: 17)
    }

    func transcribe(
        _ request: TranscriptionRequest, file: String
    ) async throws -> AsyncThrowingStream<TranscriptionEvent, any Error> {
        if let refusal { throw refusal }
        seen.withLock { $0.transcriptions.append((request, file)) }
        let failure = answer.withLock { $0.failure }
        return stream(of: waits || failure != nil ? Array(Self.transcript.dropLast()) : Self.transcript, failure)
    }

    static let vectors: [Float] = [0.25, -1, .pi, 1e-40, .infinity, -0.0]

    static let transcript: [TranscriptionEvent] = [
        .began(.init(language: "yue")),
        .segment(
            TranscriptionSegment(
                id: 0, seek: 0, start: 0, end: 1.5, text: " Hello,\n\"you\"", tokens: [50_364, 0, .max],
                temperature: 0.2,
                averageLogprob: -.infinity, compressionRatio: .pi, noSpeechProbability: 1e-40)),
        .segment(
            TranscriptionSegment(
                id: 1, seek: 150, start: 1.5, end: 3.25, text: " 🦙 \u{2028}",
                words: [TranscriptionWord(word: " 🦙", start: 1.5, end: 1.7, probability: 0.25)])),
        .finished(.init(duration: 3.0000625)),
    ]

    /// The picture's own bytes, twice.
    func upscale(_ picture: [UInt8]) async throws -> UpscaledPicture {
        if let refusal { throw refusal }
        seen.withLock { $0.pictures.append(picture) }
        try await waitIfTold()
        return UpscaledPicture(png: picture + picture, width: 70_000, height: 3)
    }

    private func stream<Element: Sendable>(
        of elements: [Element], _ failure: InferenceError?
    ) -> AsyncThrowingStream<Element, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Element.self)
        for element in elements { continuation.yield(element) }
        guard waits else {
            continuation.finish(throwing: failure)
            return stream
        }
        continuation.onTermination = { [post] termination in
            if case .cancelled = termination { post.yield(.cancelled) }
        }
        post.yield(.begun)
        return stream
    }

    private func waitIfTold() async throws {
        guard waits else { return }
        post.yield(.begun)
        let forever = AsyncStream<Never> { _ in }
        for await _ in forever {}
        post.yield(.cancelled)
        try Task.checkCancellation()
    }
}

/// An engine without any ability.
struct IdleEngine: Engine {
    let description = EngineDescription(
        capabilities: [], engine: "idle 1.0", device: "cpu", fingerprint: "fp_0", contextLength: nil,
        parallelRequests: 1)

    func statistics() async -> EngineStatistics { EngineStatistics() }
    func setThreads(_ count: Int) async {}
    func shutDown() async {}
}
