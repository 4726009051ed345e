#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Times of day, where the user is.
enum Moment {
    /// Such as `2026-03-01 14:05`.
    ///
    /// - Parameter time: seconds since 1970.
    static func text(_ time: Int) -> String {
        var (seconds, parts) = (time_t(time), tm())
        guard localtime_r(&seconds, &parts) != nil else { return "\(time)" }
        let two = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min))"
    }

    /// Seconds since 1970.
    static var now: Int { Int(time(nil)) }
}
