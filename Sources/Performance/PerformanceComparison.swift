/// How a measurement compares with an earlier one of the same model.
public struct PerformanceComparison: Sendable, Equatable {
    /// By how much the new mean is above the old one: 0.1 is a tenth more. 0 where the old one is 0.
    public var change: Double
    /// Whether the difference is no larger than what trials differ by among themselves.
    public var isNoise: Bool

    /// Two measurements never agree more closely than this, even where the trials of each do.
    private static let leastNoise = 0.02
    /// What is taken for the spread where there is a single trial, as a part of its value.
    private static let noiseOfOneTrial = 0.1

    /// `nil` where one of the two has no values.
    public init?(_ values: [Double], with earlier: [Double]) {
        guard !values.isEmpty, !earlier.isEmpty else { return nil }
        let (old, new) = (earlier.mean, values.mean)
        change = old == 0 ? 0 : new / old - 1
        let noise = max(Self.noise(values), Self.noise(earlier), Self.leastNoise * abs(old))
        isNoise = abs(new - old) <= noise
    }

    private static func noise(_ values: [Double]) -> Double {
        values.count > 1 ? Spread(values)?.standardDeviation ?? 0 : noiseOfOneTrial * abs(values.mean)
    }

    /// Such as `+3.2 %`, or `+0.4 % (noise)`.
    public var text: String {
        let percent = Decimals.text(change * 100, places: 1)
        return (percent.hasPrefix("-") ? percent : "+" + percent) + " %" + (isNoise ? " (noise)" : "")
    }
}
