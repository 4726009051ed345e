import Inference
import Machine
import ModelStore
import RunnerProtocol

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is in memory, as people ask for it.
extension RunnerPool {
    /// Loads a model ahead of its first request, or finds that it is there.
    ///
    /// - Parameter keepAlive: how long it stays after its last answer; `nil` leaves that to the settings.
    /// - Throws: ``Inference/InferenceError`` where it cannot be loaded; `CancellationError`.
    public func load(_ model: InstalledModel, keepAlive: KeepAlive? = nil) async throws -> LoadedModel {
        if let keepAlive { keep(model, for: keepAlive) }
        let (_, hold) = try await client(for: model)
        defer { withExtendedLifetime(hold) {} }
        guard let loaded = describe(model.id, isUsedByCaller: true) else {
            throw InferenceError(
                .unavailable, "The model's process ended as soon as it was ready. The server's log says more.",
                parameter: "model", retryAfterSeconds: 1)
        }
        return loaded
    }

    /// Lets a model finish its answers, and ends its process.
    ///
    /// - Returns: whether it was loaded; when its process has ended. Requests that come meanwhile wait for that, and
    ///   load it again.
    public func unload(_ id: String) async -> Bool {
        guard residency.unload(id), let departure = runners[id]?.departure else { return false }
        update()
        // Whoever stops waiting leaves it to go.
        _ = try? await departure.value()
        return true
    }

    /// From its next answer on, a model is kept for this time, until a request says otherwise or it leaves.
    public func keep(_ model: InstalledModel, for time: KeepAlive) {
        if residency.residents[model.id]?.takesRequests == true {
            residency.keep(model.id, for: time)
        } else {
            wishes[model.id] = time
        }
    }

    /// Whether no request holds a model any more.
    package var isIdle: Bool { residency.arrivals.isEmpty && residency.residents.values.allSatisfy { $0.uses == 0 } }

    /// All models in memory, by id.
    public func loaded() -> [LoadedModel] {
        measure()
        return runners.keys.sorted().compactMap { describe($0) }
    }

    /// - Parameter isUsedByCaller: whether one of its uses is the caller's own, which is about to end.
    private func describe(_ id: String, isUsedByCaller: Bool = false) -> LoadedModel? {
        guard let runner = runners[id], var resident = residency.residents[id] else { return nil }
        if isUsedByCaller { resident.endUse(at: clock.now) }
        let now = clock.now
        let unixNow = Date().timeIntervalSince1970
        func unix(_ time: Duration) -> Int {
            Int((unixNow + Double((time - now).components.seconds)).rounded(.down))
        }
        let requests = ledger.requests(of: id) + runner.startup.waitingCount
        let state: LoadedModel.State =
            switch resident.phase {
            case .leaving: .stopping
            case .loading: .loading
            case .ready where resident.isUnloaded: .stopping
            case .ready: requests > 0 ? .busy : .ready
            }
        return LoadedModel(
            id: id, capability: runner.model.capability,
            engine: runner.client?.description.engine ?? runner.model.engine.rawValue, state: state,
            process: runner.process, memoryBytes: runner.memory?.resident, peakMemoryBytes: runner.memory?.peak,
            device: runner.client?.description.device ?? "unknown", threads: runner.threads,
            requests: requests, lastUsed: unix(resident.lastUsed), expiresAt: resident.expiresAt.map(unix),
            pinned: resident.isPinned, loadTime: runner.loadTime.map { $0 / .seconds(1) })
    }
}
