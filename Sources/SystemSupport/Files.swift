import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Folders and whole files by the system's own calls. Each error number is read right after the call that set it;
// Foundation's functions can change it before they return.

/// Makes the folder and those above it, where they do not exist.
package func makeFolder(_ path: String) throws(Errno) {
    guard mkdir(path, 0o777) != 0 else { return }
    let error = Errno(rawValue: errno)
    switch error {
    case .fileExists:
        guard isFolder(path) else { throw .notDirectory }
    case .noSuchFileOrDirectory:
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw error }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o777) != 0 else { return }
        // Another process may have made it meanwhile; a path that ends with a slash names what was just made.
        let second = Errno(rawValue: errno)
        guard second == .fileExists, isFolder(path) else { throw second }
    default: throw error
    }
}

private func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
}

/// Writes a file anew.
///
/// - Parameter synchronises: whether to wait until the bytes are on the disk.
package func writeFile(_ path: String, _ bytes: [UInt8], synchronises: Bool) throws(Errno) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { bytes in
        Result { () throws(Errno) in try writeAll(bytes, to: descriptor) }
    }.get()
    if synchronises, fsync(descriptor) != 0 { throw Errno(rawValue: errno) }
}

/// Writes all bytes, at the descriptor's position or at an offset.
package func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil
) throws(Errno) {
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
            let error = Errno(rawValue: errno)
            if error == .interrupted { continue }
            throw error
        }
        rest = rest.dropFirst(count)
    }
}
