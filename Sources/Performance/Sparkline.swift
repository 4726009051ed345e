/// Values as a row of bars, a character each: `▁▃█`.
public enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// Values that differ by less than this part of the largest are drawn alike: a row of bars has eight heights, whatever
    /// they stand for.
    private static let indistinct = 0.005

    /// - Parameter width: the most characters; of more values, neighbours share a bar of their mean. At least 1.
    public static func draw(_ values: [Double], width: Int = .max) -> String {
        let values = joined(values, to: max(1, width))
        guard let least = values.min(), let most = values.max() else { return "" }
        let range = most - least
        guard range > abs(most) * indistinct else {
            return String(repeating: bars[bars.count / 2], count: values.count)
        }
        return String(
            values.map { value in
                let height = (value - least) / range * Double(bars.count - 1)
                return bars[min(bars.count - 1, max(0, Int(height.rounded())))]
            })
    }

    /// The values as numbers, for where bars cannot be shown.
    ///
    /// - Parameter places: decimal places.
    public static func numbers(_ values: [Double], places: Int) -> String {
        values.map { Decimals.text($0, places: places) }.joined(separator: " ")
    }

    private static func joined(_ values: [Double], to width: Int) -> [Double] {
        guard values.count > width else { return values }
        return (0..<width).map { index in
            Array(values[(index * values.count / width)..<((index + 1) * values.count / width)]).mean
        }
    }
}
