import Inference
import Logging
import ModelStore
import RunnerProtocol
import Runners
import ServiceLifecycle
import TestSupport

/// Runs a pool for the length of a test, then shuts it down gracefully.
func withPool<Value: Sendable>(
    _ launcher: FakeLauncher, cores: Int = 8, memory: RunnerPool.Memory = .init(),
    clock: any PoolClock = SteadyClock(), meter: any MemoryMeter = FakeMeter(),
    controlTimeout: Duration = .seconds(3_600),
    _ body: @escaping @Sendable (RunnerPool, ServiceGroup) async throws -> Value
) async throws -> Value {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let pool = RunnerPool(
        configuration: .init(
            socketDirectory: folder.path, socketPrefix: "t", cores: cores, contextLength: 77,
            parallelRequests: 3, queueLimit: 5, cacheBudgetBytes: 999, device: "npu", precision: "f32",
            compiledModelFolder: "/compiled", memory: memory, controlTimeout: controlTimeout),
        launcher: launcher, logger: .silent, clock: clock, meter: meter)
    let services = ServiceGroup(configuration: .init(services: [pool], logger: .silent))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(pool, services))
        } catch {
            result = .failure(error)
        }
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
        await launcher.endAll()
        return try result.get()
    }
}

func model(
    _ id: String = "tiny", for capability: Capability = .chat, shortensVectors: Bool = false
) -> InstalledModel {
    InstalledModel(
        id: id, capability: capability, ownedBy: "us", engine: .llama, created: 0,
        files: [
            InstalledFile(name: "a.gguf", bytes: 1, sha256: "aa"),
            InstalledFile(name: "b.gguf", bytes: 1, sha256: "bb"),
        ],
        shortensVectors: shortensVectors, directory: "/models/\(id)")
}

func question(_ content: String = "Hi") -> ChatRequest {
    ChatRequest(messages: [ChatMessage(role: .user, content: content)])
}

extension RunnerPool {
    /// The whole text of an answer.
    func answer(_ model: InstalledModel = model()) async throws -> String {
        var text = ""
        for try await batch in try await generate(.chat(question()), with: model).events {
            for case .delta(let part) in batch { text += part.text }
        }
        return text
    }

    /// Returns when no process of this model is known any more.
    func forgets(_ model: String) async throws {
        try await eventually("\(model) is forgotten") { await !statistics().contains { $0.model == model } }
    }

    /// Returns when so many requests are in hand for a model.
    func holds(_ requests: Int, of model: String) async throws {
        try await eventually("\(requests) requests are in hand for \(model)") {
            await (statistics().first { $0.model == model }?.requests ?? 0) == requests
        }
    }

    /// Returns when the model's process serves.
    func isReady(_ model: String) async throws {
        try await eventually("\(model) serves") {
            await statistics().first { $0.model == model }?.state == .ready
        }
    }

    /// Returns when no request holds a model any more.
    func areIdle() async throws {
        try await eventually("all requests have ended") { isIdle }
    }
}
