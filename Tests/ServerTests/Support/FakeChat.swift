import Inference
import ModelStore
import RunnerProtocol
import Runners
import Server
import ServiceLifecycle
import Synchronization

/// A chat service whose answers are written beforehand.
final class FakeChat: ChatService, Service {
    typealias Script = @Sendable (GenerationRequest) throws -> AsyncThrowingStream<[GenerationEvent], any Error>

    private let script: Script
    private let requests = Mutex<[GenerationRequest]>([])

    init(_ script: @escaping Script) {
        self.script = script
    }

    /// Answers with these batches of events.
    convenience init(_ batches: [[GenerationEvent]], then error: InferenceError? = nil) {
        self.init { _ in
            AsyncThrowingStream { continuation in
                for batch in batches { continuation.yield(batch) }
                continuation.finish(throwing: error)
            }
        }
    }

    /// Refuses every request.
    convenience init(refusing error: InferenceError) {
        self.init { _ in throw error }
    }

    /// What was asked, as the domain sees it.
    var received: [ChatRequest] {
        generations.compactMap { if case .chat(let request) = $0 { request } else { nil } }
    }

    /// What was asked, conversations or texts.
    var generations: [GenerationRequest] { requests.withLock { $0 } }

    func generate(
        _ request: GenerationRequest, with model: InstalledModel, traceparent: String?
    ) async throws -> StartedGeneration {
        requests.withLock { $0.append(request) }
        let engine = EngineDescription(
            capabilities: [.chat], engine: "fake 1", device: "cpu", fingerprint: "fp_test", contextLength: 2_048,
            parallelRequests: 8)
        return StartedGeneration(engine: engine, events: GenerationEvents(try script(request)))
    }

    private let wishes = Mutex<[KeepAlive]>([])

    /// How long models were to be kept.
    var kept: [KeepAlive] { wishes.withLock { $0 } }

    @inline(never)
    func keep(_ model: InstalledModel, for time: KeepAlive) async { wishes.withLock { $0.append(time) } }

    func statistics() async -> [RunnerStatus] { [] }

    func run() async throws {
        try await gracefulShutdown()
    }
}

extension [GenerationEvent] {
    /// The end of so many answers.
    static func end(
        _ reason: FinishReason = .stop, choices: Int = 1,
        usage: TokenUsage = TokenUsage(promptTokens: 5, cachedPromptTokens: 2, completionTokens: 3)
    ) -> Self {
        (0..<choices).map { .finished(reason, choice: $0) } + [.completed(usage)]
    }
}
