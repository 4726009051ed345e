import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is removed when it is let go. Only its user may read it.
final class TemporaryFile: Sendable {
    let path: String
    private let descriptor: Int32
    /// Not let go before the file.
    private let folder: UploadFolder

    /// - Throws: ``UploadFault`` where it cannot be made, or is there.
    init(path: String, in folder: UploadFolder) throws(UploadFault) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw UploadFault(doing: "make a file for an upload", code: errno) }
        self.path = path
        self.folder = folder
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    /// Writes all bytes behind those before. Blocks.
    ///
    /// - Throws: ``UploadFault`` where the disk is full or fails.
    func append(_ data: ByteBuffer) throws(UploadFault) {
        try data.withUnsafeReadableBytes { (bytes) throws(UploadFault) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written >= 0 {
                    rest = rest.dropFirst(written)
                } else if errno != EINTR {
                    throw UploadFault(doing: "keep an upload", code: errno)
                }
            }
        }
    }
}
