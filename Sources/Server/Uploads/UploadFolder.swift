import SystemSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where files lie that came with requests and are too large to be held: a folder of this server's own, which only its
/// user may enter.
///
/// It goes with the server, and with all that is in it. Those of servers that were killed go when the next one starts: a
/// server holds a lock on its folder as long as it lives, and a folder that can be locked is nobody's.
public final class UploadFolder: Sendable {
    private static let attempts = 8

    let path: String
    /// Holds the lock; `nil` once the folder is gone.
    private let descriptor: Locked<Int32?>

    /// - Parameter parent: the folder for the folders of all servers; made where it is missing.
    /// - Throws: ``UploadFault`` where it cannot be made, or is not this user's alone.
    public init(in parent: String) throws(UploadFault) {
        try Self.makePrivate(parent)
        Self.removeLeftovers(in: parent)
        var made: (path: String, descriptor: Int32)?
        for _ in 0..<Self.attempts where made == nil { made = try Self.makeLocked(in: parent) }
        guard let made else { throw UploadFault(doing: "lock a folder for uploads", code: EAGAIN) }
        path = made.path
        descriptor = Locked(made.descriptor)
    }

    deinit {
        remove()
    }

    /// Removes the folder with all that is in it; nothing where that is done already.
    ///
    /// Whoever ends the server calls it: the last reference may be let go too late, by a task that has ended.
    public func remove() {
        descriptor.withLock { held in
            guard let descriptor = held else { return }
            try? FileManager.default.removeItem(atPath: path)
            close(descriptor)
            held = nil
        }
    }

    /// A new file, open for writing. Its name is ours: nothing that a client sends is part of a path.
    ///
    /// - Throws: ``UploadFault`` where it cannot be made.
    func makeFile() throws(UploadFault) -> TemporaryFile {
        try TemporaryFile(path: "\(path)/\(Self.randomName)", in: self)
    }

    private static var randomName: String { String(UInt64.random(in: 0 ... .max), radix: 36) }

    private static func makePrivate(_ folder: String) throws(UploadFault) {
        let above = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        if !above.isEmpty { try? FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true) }
        if mkdir(folder, 0o700) == 0 { return }
        guard errno == EEXIST else { throw UploadFault(doing: "make the folder for uploads", code: errno) }
        var information = stat()
        guard lstat(folder, &information) == 0 else {
            throw UploadFault(doing: "read the folder for uploads", code: errno)
        }
        guard information.st_mode & S_IFMT == S_IFDIR, information.st_uid == geteuid() else {
            throw UploadFault(doing: "use the folder for uploads", code: EACCES)
        }
        guard information.st_mode & 0o077 == 0 || chmod(folder, 0o700) == 0 else {
            throw UploadFault(doing: "close the folder for uploads to others", code: errno)
        }
    }

    /// `nil` where a server that started at the same time took the new folder for a leftover.
    private static func makeLocked(in parent: String) throws(UploadFault) -> (path: String, descriptor: Int32)? {
        let path = "\(parent)/\(getpid())-\(randomName)"
        guard mkdir(path, 0o700) == 0 else { throw UploadFault(doing: "make a folder for uploads", code: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var (held, there) = (stat(), stat())
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &held) == 0, lstat(path, &there) == 0,
            held.st_ino == there.st_ino
        else {
            close(descriptor)
            return nil
        }
        return (path, descriptor)
    }

    private static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            let path = "\(parent)/\(name)"
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
            close(descriptor)
        }
    }
}

/// What could not be done to keep a file that came with a request.
public struct UploadFault: Error, Sendable, Equatable, CustomStringConvertible {
    let action: String
    /// The system's number of the error.
    let code: Int32

    init(doing action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    public var description: String { "Cannot \(action): \(String(cString: strerror(code)))." }
}
