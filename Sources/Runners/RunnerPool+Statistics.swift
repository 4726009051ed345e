import Inference
import RunnerProtocol

/// What the pool tells of itself.
extension RunnerPool {
    /// What each runner does now, by model; models that wait for memory too.
    public func statistics() async -> [RunnerStatus] {
        let counts = await statisticsOfReady()
        var statuses: [RunnerStatus] = []
        for (model, runner) in runners.sorted(by: { $0.key < $1.key }) {
            let waiting = arrivals[model]?.admission.waitingCount ?? 0
            let requests = ledger.requests(of: model) + runner.startup.waitingCount + waiting
            var status = RunnerStatus(model: model, state: .loading, requests: requests)
            if let client = runner.client {
                status.state = residency.residents[model]?.phase == .leaving ? .stopping : .ready
                status.engine = client.description
                if status.state == .ready { status.statistics = counts[model] }
            }
            statuses.append(status)
        }
        for (model, arrival) in arrivals.sorted(by: { $0.key < $1.key }) where runners[model] == nil {
            statuses.append(
                RunnerStatus(model: model, state: .waiting, requests: arrival.admission.waitingCount))
        }
        return statuses
    }

    /// The counts of all runners that answer within their deadline, asked at once.
    private func statisticsOfReady() async -> [String: EngineStatistics] {
        let clients = runners.compactMapValues(\.client)
        return await withTaskGroup(of: (String, EngineStatistics?).self) { group in
            for (model, client) in clients {
                group.addTask { (model, try? await client.statisticsIfReachable()) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
