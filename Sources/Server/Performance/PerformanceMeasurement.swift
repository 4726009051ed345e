import Inference
import ModelStore
import Performance
import Runners

/// Measures what a model needs for a fixed piece of work.
///
/// The model is unloaded, when its running answers have ended, and loaded anew; then its work is done once for warming up,
/// and once for each trial. What else the machine does meanwhile is part of the figures.
public struct PerformanceMeasurement: Sendable {
    /// Trials that may be asked for, and how many there are where nobody asks.
    public static let trials = 1...100
    public static let standardTrials = 5

    /// How far a measurement is.
    public enum Progress: Sendable, Equatable {
        case loading
        case warmingUp
        /// So many trials are done.
        case measuring(Int)
    }

    private let service: any ModelService
    private let uploads: UploadFolder

    /// - Parameter uploads: where sounds lie while they are written down.
    public init(service: any ModelService, uploads: UploadFolder) {
        self.service = service
        self.uploads = uploads
    }

    /// Cancelling the task ends the work, and leaves the model loaded.
    ///
    /// - Throws: ``Inference/InferenceError``, and ``UploadFault`` where a sound cannot be kept.
    public func run(
        _ model: InstalledModel, trials: Int, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> PerformanceReport {
        progress(.loading)
        let loadTime = try await reload(model)
        let work = try work(for: model)
        progress(.warmingUp)
        let size = try await warmUp(work)
        var results: [WorkResult] = []
        for trial in 1...max(1, trials) {
            progress(.measuring(trial - 1))
            try Task.checkCancellation()
            results.append(try await work.perform(trial, size: size))
        }
        progress(.measuring(trials))
        return await report(model, work, size: size, loadTime: loadTime, results)
    }

    /// - Returns: seconds from the start of the process until it took requests.
    private func reload(_ model: InstalledModel) async throws -> Double {
        let isKept = await service.loaded().contains { $0.id == model.id && $0.pinned }
        _ = await service.unload(model.id)
        try Task.checkCancellation()
        let start = ContinuousClock.now
        let loaded = try await service.load(model, keepAlive: isKept ? .forever : nil)
        // The pool's own figure is of the process alone, without the wait for room that others had to make.
        return loaded.loadTime ?? start.secondsSince
    }

    private func work(for model: InstalledModel) throws -> any PerformanceWork {
        switch model.capability {
        case .chat: ChatWork(service: service, model: model)
        case .embeddings: EmbeddingWork(service: service, model: model)
        case .transcription: try TranscriptionWork(service: service, model: model, uploads: uploads)
        case .imageVariation: UpscalingWork(service: service, model: model)
        }
    }

    /// Does the work once, which nobody counts; a model that cannot read so much gets less to do.
    private func warmUp(_ work: any PerformanceWork) async throws -> WorkSize {
        var size = WorkSize()
        while true {
            do {
                return try await work.warmUp(size)
            } catch let error as InferenceError where error.kind == .contextLengthExceeded && size.words > 4 {
                size.words /= 2
            }
        }
    }

    private func report(
        _ model: InstalledModel, _ work: any PerformanceWork, size: WorkSize, loadTime: Double, _ results: [WorkResult]
    ) async -> PerformanceReport {
        let loaded = await service.loaded().first { $0.id == model.id }
        let times = results.map(\.seconds)
        var series: [PerformanceMetric: [Double]] = [:]
        for metric in PerformanceMetric.allCases {
            let values = results.compactMap { $0.metrics[metric] }
            if values.count == results.count { series[metric] = values }
        }
        return PerformanceReport(
            model: model.id, result: work.result, loadTime: loadTime, executionTimes: times,
            extraMetrics: ExtraMetrics(
                work: work.description(size), device: loaded?.device ?? "cpu", threads: loaded?.threads ?? 0,
                peakMemoryBytes: loaded?.peakMemoryBytes,
                executionTime: Spread(times).map { $0.rounded(to: 6) }, series: series))
    }
}

extension ContinuousClock.Instant {
    /// Seconds from then to now.
    var secondsSince: Double { (ContinuousClock.now - self) / .seconds(1) }
}
