import Inference
import SystemSupport

/// The counts as of the last step, for any thread to read.
final class PublishedStatistics: Sendable {
    private let statistics = Locked(EngineStatistics())

    var value: EngineStatistics { statistics.withLock { $0 } }

    func set(_ value: EngineStatistics) {
        statistics.withLock { $0 = value }
    }
}
