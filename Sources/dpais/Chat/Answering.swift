import Inference
import Logging
import ModelStore
import RunnerProtocol
import Runners
import Server
import ServiceLifecycle

/// Whoever answers a conversation: the server that runs, or a runner of this command's own.
protocol Answering: Sendable {
    /// Shows the answer piece by piece. Cancelling the task stops it.
    func answer(_ messages: [ChatMessage], show: (String) async -> Void) async throws
}

/// A server that is running already.
struct ServerAnswering: Answering {
    let client: APIClient
    let model: String

    func answer(_ messages: [ChatMessage], show: (String) async -> Void) async throws {
        try await client.answer(messages, model: model, show: show)
    }
}

/// A runner that lives as long as the command.
struct RunnerAnswering: Answering {
    let pool: RunnerPool
    let model: InstalledModel

    func answer(_ messages: [ChatMessage], show: (String) async -> Void) async throws {
        let chat = try await pool.generate(.chat(ChatRequest(messages: messages)), with: model)
        for try await events in chat.events {
            for case .delta(let delta) in events where !delta.text.isEmpty { await show(delta.text) }
        }
    }
}

extension Surroundings {
    /// Runs `body` with the running server, or where there is none with a runner of its own.
    ///
    /// - Throws: ``Told`` where the model is not installed.
    func answering(
        _ settings: Settings, model name: String, _ body: @Sendable @escaping (any Answering) async throws -> Void
    ) async throws {
        let model = try store.installed(named: name)
        try await APIClient.connected(to: settings) { client in
            if (try? await client.health()) != nil {
                return try await body(ServerAnswering(client: client, model: model.id))
            }
            var logger = Logger(label: "dpais", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = .error
            let pool = try makePool(settings, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run() }
                do {
                    try await body(RunnerAnswering(pool: pool, model: model))
                } catch {
                    group.cancelAll()
                    throw error
                }
                group.cancelAll()
            }
        }
    }
}
