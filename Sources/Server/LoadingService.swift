import ModelStore
import Runners

/// Brings models into memory ahead of their requests, and lets them go.
public protocol LoadingService: Sendable {
    /// - Parameter keepAlive: how long it stays after its last answer; `nil` leaves that to the settings.
    /// - Throws: ``Inference/InferenceError`` where the model cannot be loaded.
    func load(_ model: InstalledModel, keepAlive: KeepAlive?) async throws -> LoadedModel

    /// Lets a model finish its answers, and ends its process.
    ///
    /// - Returns: whether it was loaded; when its process has ended.
    func unload(_ id: String) async -> Bool

    /// All models in memory, by id.
    func loaded() async -> [LoadedModel]
}

extension RunnerPool: LoadingService {}
