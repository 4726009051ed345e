import Inference
import ModelStore
import Runners
import Server
import Synchronization

/// Loads models at once, and remembers what it was told.
final class FakeLoading: LoadingService {
    enum Told: Equatable, Sendable {
        case load(String, KeepAlive?)
        case unload(String)
    }

    private struct State {
        var told: [Told] = []
        var models: [LoadedModel]
    }

    private let state: Mutex<State>
    private let failure: InferenceError?

    /// - Parameters:
    ///   - models: what is in memory at first.
    ///   - failure: what every load fails with.
    init(_ models: [LoadedModel] = [], failingWith failure: InferenceError? = nil) {
        state = Mutex(State(models: models))
        self.failure = failure
    }

    var told: [Told] { state.withLock { $0.told } }

    @inline(never)
    func load(_ model: InstalledModel, keepAlive: KeepAlive?) async throws -> LoadedModel {
        if let failure { throw failure }
        let loaded = LoadedModel(
            id: model.id, capability: model.capability, engine: "fake 1", state: .ready, process: 42,
            memoryBytes: 1_000, peakMemoryBytes: 2_000, device: "cpu", threads: 3, requests: 0, lastUsed: 1_700_000_000,
            pinned: keepAlive == .forever, loadTime: 0.25)
        state.withLock { state in
            state.told.append(.load(model.id, keepAlive))
            state.models.removeAll { $0.id == model.id }
            state.models.append(loaded)
        }
        return loaded
    }

    /// As if all had left, and been loaded again.
    func replaceProcesses() {
        state.withLock { state in
            for index in state.models.indices { state.models[index].process = (state.models[index].process ?? 0) + 1 }
        }
    }

    @inline(never)
    func unload(_ id: String) async -> Bool {
        state.withLock { state in
            state.told.append(.unload(id))
            let count = state.models.count
            state.models.removeAll { $0.id == id }
            return state.models.count < count
        }
    }

    @inline(never)
    func loaded() async -> [LoadedModel] { state.withLock { $0.models } }
}
