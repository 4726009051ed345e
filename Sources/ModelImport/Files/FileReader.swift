#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is read at any place. Reads do not move a position, so any number of threads may read at once.
package final class FileReader: Sendable {
    /// The last component of the path, for messages.
    package let name: String
    /// The file's size in bytes when it was opened.
    package let count: Int
    private let descriptor: Int32

    /// - Throws: ``ModelImportError`` of kind `unreadable` unless there is a regular file that may be read.
    package init(_ path: String) throws(ModelImportError) {
        name = path.lastPathComponent
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ModelImportError(.unreadable, "\(name) could not be opened: \(String(cString: strerror(errno))).")
        }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ModelImportError(.unreadable, "\(name) is not a file that can be read.")
        }
        count = Int(information.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// The bytes `range`, which must lie within the file.
    ///
    /// - Throws: ``ModelImportError`` of kind `unreadable`, also where the file ends before the range does.
    package func read(_ range: Range<Int>) throws(ModelImportError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw ModelImportError(.unreadable, "\(name) ends too early.")
        }
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count, failure == nil {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read = pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + filled))
                if read > 0 {
                    filled += read
                } else if read == 0 {
                    failure = 0
                } else if errno != EINTR {
                    failure = errno
                }
            }
        }
        guard let failure else { return bytes }
        let reason = failure == 0 ? "ends too early" : "could not be read: \(String(cString: strerror(failure)))"
        throw ModelImportError(.unreadable, "\(name) \(reason).")
    }

    /// The whole of a small file.
    ///
    /// - Parameter limit: the largest size that is taken, in bytes.
    /// - Throws: ``ModelImportError``, of kind `malformed` where the file is larger.
    package func readAll(limit: Int) throws(ModelImportError) -> [UInt8] {
        guard count <= limit else {
            throw ModelImportError(.malformed, "\(name) has \(count) bytes; at most \(limit) are expected of it.")
        }
        return try read(0..<count)
    }
}

extension String {
    /// What comes after the last slash.
    var lastPathComponent: String {
        split(separator: "/").last.map(String.init) ?? self
    }
}
