import Inference
import Synchronization

/// An engine that says one word, or one and then nothing until it is cancelled; and embeds and enlarges likewise.
final class FakeEngine: Engine, ChatEngine, EmbeddingEngine, TranscriptionEngine, ImageUpscalingEngine {
    let description = EngineDescription(
        capabilities: [.chat], engine: "fake 1.0", device: "gpu", fingerprint: "fp_0", contextLength: 100,
        parallelRequests: 4)
    private let current: Mutex<Int>
    /// The number of threads after every change; for one reader.
    let threads: AsyncStream<Int>
    private let post: AsyncStream<Int>.Continuation

    /// Until this opens, it answers no question about itself.
    private let silence: Gate?

    init(threads: Int, silence: Gate? = nil) {
        self.silence = silence
        current = Mutex(threads)
        (self.threads, post) = AsyncStream.makeStream()
    }

    func statistics() async -> EngineStatistics {
        await silence?.wait()
        return EngineStatistics(threads: current.withLock { $0 })
    }

    func setThreads(_ count: Int) async {
        await silence?.wait()
        current.withLock { $0 = count }
        post.yield(count)
    }

    func shutDown() async {}

    /// A message `wait` is answered by a word and no end.
    func generate(_ request: GenerationRequest) async throws -> AsyncThrowingStream<[GenerationEvent], any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [GenerationEvent].self)
        continuation.yield([.text("word")])
        guard case .chat(let chat) = request, chat.messages.last?.content == "wait" else {
            let usage = TokenUsage(promptTokens: 1, cachedPromptTokens: 0, completionTokens: 1)
            continuation.yield([.finished(.stop, choice: 0), .completed(usage)])
            continuation.finish()
            return stream
        }
        return stream
    }

    /// A text `wait` is never embedded.
    func embed(_ request: EmbeddingRequest) async throws -> Embeddings {
        if request.inputs == [.text("wait")] { try await waitForever() }
        return Embeddings(values: [1, 0], dimensions: 2, promptTokens: 1)
    }

    /// A file `wait` is never written down to its end.
    func transcribe(
        _ request: TranscriptionRequest, file: String
    ) async throws -> AsyncThrowingStream<TranscriptionEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: TranscriptionEvent.self)
        continuation.yield(.began(.init(language: "en")))
        guard file == "wait" else {
            continuation.yield(.segment(TranscriptionSegment(id: 0, seek: 0, start: 0, end: 1, text: " " + file)))
            continuation.yield(.finished(.init(duration: 1)))
            continuation.finish()
            return stream
        }
        return stream
    }

    /// A picture of no bytes is never enlarged.
    func upscale(_ picture: [UInt8]) async throws -> UpscaledPicture {
        if picture.isEmpty { try await waitForever() }
        return UpscaledPicture(png: picture, width: 4, height: 4)
    }

    private func waitForever() async throws {
        let forever = AsyncStream<Never> { _ in }
        for await _ in forever {}
        throw CancellationError()
    }
}
