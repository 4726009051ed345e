import SystemSupport

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

/// The file by which the server of a home is found.
///
/// The server holds a lock of POSIX's on it while it lives. The system itself tells who holds the lock, and gives it back
/// when the holder dies, however it dies. So a record that outlived its server is never believed, whatever process has
/// got its number since.
public struct RecordFile: Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    /// Takes the file for this process, until the result gives it back or goes; `nil` where another server has it.
    ///
    /// - Throws: ``BackgroundError`` where the file cannot be made.
    public func take() throws(BackgroundError) -> Held? {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw BackgroundError("Could not open \(path)", code: errno) }
            var lock = wholeFile()
            guard fcntl(descriptor, F_SETLK, &lock) == 0 else {
                let code = errno
                close(descriptor)
                if code == EINTR { continue }
                if code == EAGAIN || code == EACCES { return nil }
                throw BackgroundError("Could not lock \(path)", code: code)
            }
            // The one before may have removed the file after it was opened here; a lock on that one tells nobody.
            if isAtPath(descriptor) { return Held(path: path, descriptor: descriptor) }
            close(descriptor)
        }
    }

    private func isAtPath(_ descriptor: Int32) -> Bool {
        var mine = stat()
        var there = stat()
        return fstat(descriptor, &mine) == 0 && stat(path, &there) == 0
            && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }

    /// The process that has the file, with what it wrote; `nil` where no server lives.
    public func holder() -> Holder? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = wholeFile()
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        let bytes = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        let record = try? JSONDecoder().decode(ServerRecord.self, from: bytes)
        // In another name space of processes the system has no number for it.
        let process = lock.l_pid > 0 ? Int(lock.l_pid) : record?.process ?? 0
        return Holder(process: process, record: record?.process == process ? record : nil)
    }

    /// Who has the file.
    public struct Holder: Sendable, Equatable {
        public var process: Int
        /// `nil` for a moment at its start.
        public var record: ServerRecord?
    }

    /// The file as this process's own.
    public final class Held: Sendable {
        private let path: String
        /// `nil` once the file has been given back.
        private let descriptor: Locked<Int32?>

        init(path: String, descriptor: Int32) {
            self.path = path
            self.descriptor = Locked(descriptor)
            // What a dead server wrote is not to be read as this one's.
            ftruncate(descriptor, 0)
        }

        deinit {
            giveBack()
        }

        /// Removes the file and lets another process take it; nothing where that is done already.
        ///
        /// Whoever ends the process calls it: the last reference to this value may be let go too late, by a task of a
        /// service that has ended.
        public func giveBack() {
            descriptor.withLock { held in
                guard let descriptor = held else { return }
                unlink(path)
                close(descriptor)
                held = nil
            }
        }

        /// Replaces what the file says.
        ///
        /// - Throws: ``BackgroundError`` where the disk takes no more, or where the file has been given back.
        public func write(_ record: ServerRecord) throws {
            let bytes = try JSONEncoder().encode(record)
            try descriptor.withLock { held in
                guard let descriptor = held else { throw BackgroundError("\(path) has been given back") }
                // In one write, so that nobody reads a half of it; another descriptor would give the lock back when
                // closed.
                let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
                guard written == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0 else {
                    throw BackgroundError("Could not write \(path)", code: errno)
                }
            }
        }
    }
}

private func wholeFile() -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    return lock
}
