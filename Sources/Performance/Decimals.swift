/// Numbers for people, always with a point.
public enum Decimals {
    /// With so many decimal places, 0 to 9.
    public static func text(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return String(value) }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let units = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && units > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(units)" }
        let fraction = String(units % scale)
        return "\(sign)\(units / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// With three figures or so: 0.00123, 1.23, 12.3, 123.
    public static func text(_ value: Double) -> String { text(value, places: places(for: value)) }

    /// Decimal places that show three figures of a value.
    public static func places(for value: Double) -> Int {
        switch abs(value) {
        case 100...: 0
        case 10..<100: 1
        case 1..<10: 2
        case 0.1..<1: 3
        case 0.01..<0.1: 4
        case let small where small == 0: 0
        default: 5
        }
    }
}
