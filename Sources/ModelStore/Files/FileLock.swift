#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A lock between processes, and between tasks of one: it is held by an open file, and the system gives it back when
/// its holder dies.
struct FileLock: ~Copyable {
    private let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Takes the lock; `nil` where another holds it.
    static func acquire(_ path: String) throws(FileError) -> FileLock? {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
            let lock = FileLock(path: path, descriptor: descriptor)
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                if code == EWOULDBLOCK { return nil }
                if code == EINTR { continue }
                throw FileError("lock", path: path, code: code)
            }
            // The last holder may have removed the file after it was opened here: then this lock keeps nobody out.
            if lock.isOfFile { return lock }
        }
    }

    /// Waits until the lock is free. Checked again and again, since `flock` itself would hold a thread and could not
    /// be cancelled.
    ///
    /// - Parameter waiting: called once, where another holds the lock.
    static func wait(_ path: String, waiting: () -> Void) async throws -> FileLock {
        if let lock = try acquire(path) { return lock }
        waiting()
        while true {
            try await Task.sleep(for: .milliseconds(50))
            if let lock = try acquire(path) { return lock }
        }
    }

    /// Gives the lock back and leaves no file.
    consuming func releaseAndRemove() {
        unlink(path)
    }

    private var isOfFile: Bool {
        var held = stat()
        var named = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
