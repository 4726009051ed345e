/// Sizes for people.
public enum ByteCount {
    /// Decimal units, as disks are sold and browsers show downloads: `98.4 MB`. Empty where unknown.
    public static func text(_ bytes: Int?) -> String {
        guard let bytes else { return "" }
        var size = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            // What would be rounded up to a thousand is one of the next unit.
            if size < 999.95 { return unit == "B" ? "\(bytes) B" : "\(oneDecimal(size)) \(unit)" }
            size /= 1000
        }
        return "\(oneDecimal(size)) TB"
    }

    /// How much of a whole: `42.1 of 98.4 MB`.
    public static func text(_ bytes: Int, of total: Int) -> String {
        let (done, whole) = (text(bytes), text(total))
        let unit = whole.split(separator: " ").last
        guard let unit, done.hasSuffix(" \(unit)") else { return "\(done) of \(whole)" }
        return "\(done.dropLast(unit.count + 1)) of \(whole)"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
