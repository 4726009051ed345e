#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes a file anew, and waits until its bytes are on the disk.
func writeFile(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { bytes in
        Result { () throws(FileError) in try writeAll(bytes, to: descriptor, path: path) }
    }.get()
    guard fsync(descriptor) == 0 else { throw FileError("write to the disk", path: path, code: errno) }
}

/// Writes all of some bytes, where the descriptor stands or at an offset.
func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil, path: String
) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
        let count =
            if let offset {
                pwrite(descriptor, start, rest.count, off_t(offset + bytes.count - rest.count))
            } else {
                write(descriptor, start, rest.count)
            }
        if count < 0 {
            if errno == EINTR { continue }
            throw FileError("write", path: path, code: errno)
        }
        rest = rest.dropFirst(count)
    }
}
