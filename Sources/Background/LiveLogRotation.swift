import SystemSupport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Puts a log aside while a process writes it: the process's descriptors then lead to a new file. No line is lost.
public final class LiveLogRotation: Sendable {
    private let path: String
    private let descriptors: [Int32]
    private let rotation: LogRotation
    private let isWorking = Locked(true)

    /// - Parameters:
    ///   - path: the log's.
    ///   - descriptors: those that may lead to it.
    /// - Returns: `nil` where none of them does.
    public init?(_ path: String, descriptors: [Int32] = [1, 2], rotation: LogRotation = LogRotation()) {
        var named = stat()
        guard stat(path, &named) == 0 else { return nil }
        let leading = descriptors.filter { descriptor in
            var held = stat()
            return fstat(descriptor, &held) == 0 && held.st_ino == named.st_ino && held.st_dev == named.st_dev
        }
        guard !leading.isEmpty else { return nil }
        (self.path, self.descriptors, self.rotation) = (path, leading, rotation)
    }

    /// Called after a line was written. Where the log has become too large, the next line goes to a new file.
    ///
    /// A log that cannot be moved or made is written on where it is, and not tried again.
    public func rotateIfLarge() {
        guard isLarge else { return }
        isWorking.withLock { isWorking in
            // Another thread may have done it meanwhile.
            guard isWorking, isLarge else { return }
            isWorking = (try? rotation.rotate(path)) != nil && reopen()
        }
    }

    private var isLarge: Bool {
        var information = stat()
        return descriptors.first.map { fstat($0, &information) == 0 && information.st_size >= rotation.limit } ?? false
    }

    private func reopen() -> Bool {
        let fresh = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard fresh >= 0 else { return false }
        defer { close(fresh) }
        return descriptors.allSatisfy { dup2(fresh, $0) >= 0 }
    }
}
