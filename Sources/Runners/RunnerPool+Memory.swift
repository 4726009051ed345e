import Inference
import Machine
import ModelStore

/// What models take, and what there is for them.
extension RunnerPool {
    /// What a model needs to come in.
    func need(of model: InstalledModel) -> Residency.Need {
        Residency.Need(
            id: model.id, bytes: sizes[sizeKey(model)] ?? model.memoryBytes,
            keepAlive: wishes[model.id] ?? keepAlive(of: model), isPinned: isPinned(model))
    }

    /// The settings' word on how long it is kept.
    private func keepAlive(of model: InstalledModel) -> KeepAlive {
        model.names.lazy.compactMap { self.configuration.memory.keepAliveOf[$0] }.first
            ?? configuration.memory.keepAlive
    }

    private func isPinned(_ model: InstalledModel) -> Bool {
        model.names.contains { configuration.memory.pinned.contains($0) }
    }

    /// What there is room for now.
    func limits() -> Residency.Limits {
        let memory = configuration.memory
        var limits = Residency.Limits(
            count: memory.maximumLoaded > 0 ? memory.maximumLoaded : nil, wait: memory.waitLimit)
        if memory.budgetBytes > 0 {
            limits.bytes = memory.budgetBytes
            limits.bytesAtBest = memory.budgetBytes
        } else if !residency.arrivals.isEmpty, let machine = meter.machine() {
            // What models have is theirs already; of it, what is files the machine counts as available too.
            let held = runners.values.reduce(0) { $0 + ($1.memory.map { $0.resident - $0.files } ?? 0) }
            limits.bytesAtBest = machine.total - machine.margin
            limits.bytes = max(
                0, min(machine.total - machine.margin, held + machine.available - machine.margin))
        }
        return limits
    }

    /// Looks what each process has now.
    func measure() {
        for id in runners.keys { measure(id) }
    }

    /// Looks what a model has that has just been used, once a second at most: it may have grown.
    func measureAfterUse(_ id: String) {
        guard residency.residents[id]?.uses == 0, let last = runners[id]?.measured, clock.now - last >= .seconds(1)
        else { return }
        measure(id)
    }

    func measure(_ id: String) {
        guard let runner = runners[id], let process = runner.process, let memory = meter.process(process) else {
            return
        }
        runners[id]?.memory = memory
        runners[id]?.measured = clock.now
        residency.measured(id, life: runner.life, bytes: memory.resident)
        guard runner.client != nil else { return }
        let key = sizeKey(runner.model)
        let known = sizes[key] ?? 0
        guard memory.resident > known || memory.resident < known / 2 else { return }
        sizes[key] = memory.resident
        // A few pages more are not worth a write.
        if memory.resident - known > known / 16 || memory.resident < known / 2 {
            RememberedSizes.write(sizes, to: configuration.sizesFile)
        }
    }

    /// What a model takes depends on its files and on how it is run.
    private func sizeKey(_ model: InstalledModel) -> String {
        let digest = model.files.map { $0.sha256.prefix(16) }.joined(separator: "+")
        return "\(digest) \(configuration.contextLength) \(configuration.parallelRequests) "
            + "\(configuration.cacheBudgetBytes) \(configuration.device) \(configuration.precision)"
    }
}

extension InstalledModel {
    /// All the names that settings may call it by.
    fileprivate var names: [String] { [id] + aliases }
}
