#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Keeps a log from growing without end: where it is large, it is put aside as `.1` and those before it move on.
public struct LogRotation: Sendable {
    /// Bytes from which a log is put aside.
    public var limit: Int
    /// How many are kept beside the one that is written.
    public var kept: Int

    public init(limit: Int = 10_000_000, kept: Int = 3) {
        self.limit = limit
        self.kept = kept
    }

    /// Called before a server starts to write, or by ``LiveLogRotation``, so that no line is lost.
    ///
    /// - Throws: ``BackgroundError`` where a file cannot be moved.
    public func rotate(_ path: String) throws(BackgroundError) {
        var information = stat()
        guard stat(path, &information) == 0, information.st_size >= limit else { return }
        guard kept > 0 else {
            unlink(path)
            return
        }
        for number in stride(from: kept, through: 1, by: -1) {
            let source = number == 1 ? path : "\(path).\(number - 1)"
            guard rename(source, "\(path).\(number)") != 0 else { continue }
            let code = errno
            guard code == ENOENT else { throw BackgroundError("Could not move \(source) aside", code: code) }
        }
    }
}
