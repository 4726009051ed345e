import Inference
import ModelStore
import RunnerProtocol
import Runners
import Server
import ServiceLifecycle
import Synchronization

/// A chat service whose answers are written beforehand.
final class FakeChat: ChatService, Service {
    typealias Script = @Sendable (ChatRequest) throws -> AsyncThrowingStream<[GenerationEvent], any Error>

    private let script: Script
    private let requests = Mutex<[ChatRequest]>([])

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
    var received: [ChatRequest] { requests.withLock { $0 } }

    func chat(_ request: ChatRequest, with model: InstalledModel, traceparent: String?) async throws -> RunningChat {
        requests.withLock { $0.append(request) }
        let engine = EngineDescription(
            capabilities: [.chat], engine: "fake 1", fingerprint: "fp_test", contextLength: 2_048, parallelRequests: 8)
        return RunningChat(engine: engine, events: ChatEvents(try script(request)))
    }

    func statistics() async -> [RunnerStatus] { [] }

    func run() async throws {
        try await gracefulShutdown()
    }
}

extension [GenerationEvent] {
    static func end(_ reason: GenerationEvent.FinishReason = .stop) -> Self {
        let usage = TokenUsage(promptTokens: 5, cachedPromptTokens: 2, completionTokens: 3)
        return [.finished(.init(reason: reason, usage: usage))]
    }
}
