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

    /// How long a model stays at least while it is measured, so that none leaves between two trials.
    private static let leastStay = KeepAlive.time(.seconds(60))

    private let service: any ModelService
    private let uploads: UploadFolder
    private let keepAlive: @Sendable (InstalledModel) -> KeepAlive

    /// - Parameters:
    ///   - uploads: where sounds lie while they are written down.
    ///   - keepAlive: how long a model stays by the settings.
    public init(
        service: any ModelService, uploads: UploadFolder,
        keepAlive: @escaping @Sendable (InstalledModel) -> KeepAlive = { _ in .standard }
    ) {
        self.service = service
        self.uploads = uploads
        self.keepAlive = keepAlive
    }

    /// Cancelling the task ends the work, and leaves the model loaded.
    ///
    /// - Throws: ``Inference/InferenceError``, and ``UploadFault`` where a sound cannot be kept.
    public func run(
        _ model: InstalledModel, trials: Int, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> PerformanceReport {
        progress(.loading)
        let stay = await stay(of: model)
        _ = await service.unload(model.id)
        try Task.checkCancellation()
        let start = ContinuousClock.now
        let loaded = try await service.load(model, keepAlive: stay.meanwhile)
        // The pool's own figure is of the process alone, without the wait for room that others had to make.
        let loadTime = loaded.loadTime ?? start.secondsSince
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
        let report = try await report(model, work, size: size, loaded, loadTime: loadTime, results)
        if let afterwards = stay.afterwards { _ = try? await service.load(model, keepAlive: afterwards) }
        return report
    }

    /// How long a model stays while it is measured, and afterwards; `nil` is as it would without us.
    private func stay(of model: InstalledModel) async -> (meanwhile: KeepAlive?, afterwards: KeepAlive?) {
        let before = await service.loaded().first { $0.id == model.id }
        // A request asked for it to be kept.
        if let before, before.state == .ready, before.expiresAt == nil { return (.forever, nil) }
        let usual = keepAlive(model)
        guard case .time(let time) = usual, case .time(let least) = Self.leastStay, time < least else {
            return (nil, nil)
        }
        return (Self.leastStay, usual)
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

    /// - Parameter first: the model as it was loaded.
    /// - Throws: ``Inference/InferenceError`` where its process is not the same any more: a trial's time then has a loading
    ///   in it.
    private func report(
        _ model: InstalledModel, _ work: any PerformanceWork, size: WorkSize, _ first: LoadedModel, loadTime: Double,
        _ results: [WorkResult]
    ) async throws -> PerformanceReport {
        let loaded = await service.loaded().first { $0.id == model.id }
        guard loaded?.process == first.process else {
            throw InferenceError(
                .unavailable,
                "The model left memory while it was measured, because others needed the room or its process ended. "
                    + "Measure again when less is asked of this machine.",
                retryAfterSeconds: 30)
        }
        let times = results.map(\.seconds)
        var series: [PerformanceMetric: [Double]] = [:]
        for metric in PerformanceMetric.allCases {
            let values = results.compactMap { $0.metrics[metric] }
            if values.count == results.count { series[metric] = values }
        }
        return PerformanceReport(
            model: model.id, result: work.result, loadTime: loadTime, executionTimes: times,
            extraMetrics: ExtraMetrics(
                work: work.description(size), device: loaded?.device ?? first.device,
                threads: loaded?.threads ?? first.threads, peakMemoryBytes: loaded?.peakMemoryBytes,
                executionTime: Spread(times).map { $0.rounded(to: 6) }, series: series))
    }
}

extension ContinuousClock.Instant {
    /// Seconds from then to now.
    var secondsSince: Double { (ContinuousClock.now - self) / .seconds(1) }
}
