import SystemSupport

/// Which runners are working now, and on how many requests each.
final class WorkLedger: Sendable {
    private let counts = Locked<[String: Int]>([:])
    private let changed: @Sendable () -> Void

    /// - Parameter changed: called when a runner begins to work, or stops.
    init(changed: @escaping @Sendable () -> Void) {
        self.changed = changed
    }

    var working: [String] { counts.withLock { Array($0.keys) } }

    func requests(of model: String) -> Int { counts.withLock { $0[model] ?? 0 } }

    /// Counts a request until the lease is let go, which keeps the model in memory for as long.
    func lease(_ hold: Hold) -> Lease {
        let model = hold.model
        let isFirst = counts.withLock { counts in
            counts[model, default: 0] += 1
            return counts[model] == 1
        }
        if isFirst { changed() }
        return Lease(ledger: self, hold: hold)
    }

    private func end(_ model: String) {
        let wasLast = counts.withLock { counts in
            let left = (counts[model] ?? 1) - 1
            counts[model] = left > 0 ? left : nil
            return left <= 0
        }
        if wasLast { changed() }
    }

    /// A request's claim on cores, from when a runner takes it on until its answer has ended or was given up.
    final class Lease: Sendable {
        private let ledger: WorkLedger
        private let hold: Hold

        fileprivate init(ledger: WorkLedger, hold: Hold) {
            self.ledger = ledger
            self.hold = hold
        }

        deinit { ledger.end(hold.model) }
    }
}
