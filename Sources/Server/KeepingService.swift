import ModelStore
import Runners

/// Holds models in memory for as long as requests say.
public protocol KeepingService: Sendable {
    /// From its next answer on, a model is kept for this time, until a request says otherwise or it leaves.
    func keep(_ model: InstalledModel, for time: KeepAlive) async
}

extension KeepingService {
    /// Does nothing where a request says nothing of it.
    func keep(_ model: InstalledModel, for time: KeepAlive?) async {
        if let time { await keep(model, for: time) as Void }
    }
}

extension RunnerPool: KeepingService {}
