/// Sizes for people.
enum ByteCount {
    /// Decimal units, as disks are sold and browsers show downloads: `98.4 MB`. Empty where unknown.
    static func text(_ bytes: Int?) -> String {
        guard let bytes else { return "" }
        var size = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if size < 1000 { return unit == "B" ? "\(bytes) B" : "\(oneDecimal(size)) \(unit)" }
            size /= 1000
        }
        return "\(oneDecimal(size)) TB"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
