import ModelStore

/// What is in memory, as people ask for it.
extension RunnerPool {
    /// Loads a model ahead of its first request, or finds that it is there.
    ///
    /// - Parameter keepAlive: how long it stays after its last answer; `nil` leaves that to the settings.
    /// - Throws: ``Inference/InferenceError`` where it cannot be loaded; `CancellationError`.
    public func load(_ model: InstalledModel, keepAlive: KeepAlive? = nil) async throws -> LoadedModel {
        try await ask(model) { _, _ in }
        return await loaded().first { $0.id == model.id }
            ?? LoadedModel(
                id: model.id, capability: model.capability, engine: model.engine.rawValue, state: .stopping, threads: 0,
                requests: 0, lastUsed: 0)
    }

    /// Lets a model finish its answers, and ends its process.
    ///
    /// - Returns: whether it was loaded; when its process has ended.
    public func unload(_ id: String) async -> Bool { await stop(id) }

    /// All models in memory, by id.
    public func loaded() async -> [LoadedModel] { inMemory() }
}
