#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file system refused something, or holds something that it should not.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameters:
    ///   - action: what was tried, such as `write`.
    ///   - code: the `errno` that it gave.
    init(_ action: String, path: String, code: Int32) {
        self.init("Could not \(action) \(path): \(String(cString: strerror(code))).")
    }
}
