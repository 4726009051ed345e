/// What a measurement of a model found; its JSON is the reply of `POST /v1/performance`.
public struct PerformanceReport: Codable, Sendable, Equatable {
    public var model: String
    /// How often the work was done and counted.
    public var trials: Int
    /// What was measured, in a sentence.
    public var result: String
    /// Seconds from the start of the model's process until it took requests.
    public var loadTime: Double
    /// Seconds of each trial, in order.
    public var executionTimes: [Double]
    /// Their mean.
    public var averageExecutionTimes: Double
    public var extraMetrics: ExtraMetrics

    private enum CodingKeys: String, CodingKey {
        case model, trials, result
        case loadTime = "load_time"
        case executionTimes = "execution_times"
        case averageExecutionTimes = "average_execution_times"
        case extraMetrics = "extra_metrics"
    }

    public init(
        model: String, result: String, loadTime: Double, executionTimes: [Double], extraMetrics: ExtraMetrics
    ) {
        self.model = model
        self.trials = executionTimes.count
        self.result = result
        self.loadTime = loadTime.rounded(to: 6)
        self.executionTimes = executionTimes.map { $0.rounded(to: 6) }
        self.averageExecutionTimes = executionTimes.mean.rounded(to: 6)
        self.extraMetrics = extraMetrics
    }
}

extension Double {
    /// Rounded to so many decimal places.
    public func rounded(to places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
