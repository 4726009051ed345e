import NIOHTTP1

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A request that did not bring what it should.
enum HTTPFailure: Error {
    /// Trying again can help, after this long where the server has said it.
    case transient(status: UInt, retryAfter: Duration?)
    /// The connection ended before the answer did.
    case brokenOff
    case notFound
    case accessDenied
    case refused(status: UInt)

    /// - Throws: unless the status says that all is well.
    static func check(_ status: HTTPResponseStatus, headers: HTTPHeaders) throws(HTTPFailure) {
        switch status.code {
        case 200..<300: return
        case 401, 403: throw .accessDenied
        case 404, 410: throw .notFound
        case 408, 429, 500...:
            throw .transient(status: status.code, retryAfter: headers.first(name: "retry-after").flatMap(retryAfter))
        default: throw .refused(status: status.code)
        }
    }

    /// `Retry-After` is seconds, or a date (RFC 9110, 10.2.3).
    static func retryAfter(_ value: String) -> Duration? {
        if let seconds = Int(value) { return seconds >= 0 ? .seconds(seconds) : nil }
        return secondsSince1970(value).map { .seconds(max(0, $0 - time(nil))) }
    }

    /// Reads the one form of date that a server may send, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    private static func secondsSince1970(_ value: String) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = value.split(whereSeparator: { " ,:".contains($0) })
        guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let numbers = [1, 3, 4, 5, 6].compactMap { Int32(parts[$0]) }
        guard numbers.count == 5 else { return nil }
        var date = tm()
        date.tm_mday = numbers[0]
        date.tm_mon = Int32(month)
        date.tm_year = numbers[1] - 1900
        date.tm_hour = numbers[2]
        date.tm_min = numbers[3]
        date.tm_sec = numbers[4]
        return timegm(&date)
    }

    func installError(_ source: String) -> InstallError {
        switch self {
        case .transient(let status, let wait?) where wait > .zero:
            .unreachable(
                source, reason: "it answered with status \(status), and asks to wait \(wait.components.seconds) s.")
        case .transient(let status, _): .unreachable(source, reason: "it answered with status \(status).")
        case .brokenOff: .unreachable(source, reason: "the connection broke off before all had come.")
        case .notFound: .notFound(source)
        case .accessDenied: .accessDenied(source)
        case .refused(let status): .refused(source, status: Int(status))
        }
    }
}
