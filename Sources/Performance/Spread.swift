/// How values lie that were measured several times.
public struct Spread: Codable, Sendable, Equatable {
    public var minimum: Double
    public var median: Double
    public var maximum: Double
    /// Of a sample: the squares' sum over one less than there are values. 0 where there is one value.
    public var standardDeviation: Double

    private enum CodingKeys: String, CodingKey {
        case minimum, median, maximum
        case standardDeviation = "standard_deviation"
    }

    /// `nil` where there are no values.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        let mean = values.mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardDeviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
    }
}

extension [Double] {
    /// The arithmetic mean; 0 where there is nothing.
    public var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}

extension Spread {
    /// Each of its figures rounded to so many decimal places.
    public func rounded(to places: Int) -> Spread {
        var rounded = self
        rounded.minimum = minimum.rounded(to: places)
        rounded.median = median.rounded(to: places)
        rounded.maximum = maximum.rounded(to: places)
        rounded.standardDeviation = standardDeviation.rounded(to: places)
        return rounded
    }
}
