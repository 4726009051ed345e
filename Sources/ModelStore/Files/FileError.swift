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
    /// Whether it is for want of room: the disk is full, or a limit of the user's is reached.
    let isForWantOfRoom: Bool

    init(_ description: String) {
        self.init(description, code: nil)
    }

    /// - Parameters:
    ///   - action: what was tried, such as `write`.
    ///   - code: the `errno` that it gave.
    init(_ action: String, path: String, code: Int32) {
        self.init("Could not \(action) \(path): \(String(cString: strerror(code))).", code: code)
    }

    private init(_ description: String, code: Int32?) {
        self.description = description
        isForWantOfRoom = code.map { [ENOSPC, EDQUOT, EFBIG].contains($0) } ?? false
    }
}
