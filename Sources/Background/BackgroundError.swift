#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Why something could not be started, stopped or read, in a sentence for people.
public struct BackgroundError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    /// - Parameter code: the system's number of the error.
    init(_ what: String, code: Int32) {
        description = "\(what): \(String(cString: strerror(code)))."
    }
}
