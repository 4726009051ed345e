import Crypto

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that grows at its end, and the SHA-256 of all that it holds.
struct DigestingFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private(set) var bytes = 0

    /// Opens the file, made where it is not there, and reads what it holds into the digest.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
        try readToEnd()
    }

    deinit {
        close(descriptor)
    }

    var sha256: String {
        hash.finalize().hexadecimal
    }

    mutating func append(_ data: UnsafeRawBufferPointer) throws(FileError) {
        try writeAll(data, to: descriptor, path: path)
        hash.update(bufferPointer: data)
        bytes += data.count
    }

    /// Appends all of another file.
    mutating func append(contentsOf other: String) throws {
        let source = open(other, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw FileError("open", path: other, code: errno) }
        defer { close(source) }
        try readFile(source, path: other) { try append($0) }
    }

    /// Empties the file.
    mutating func restart() throws(FileError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw FileError("empty", path: path, code: errno)
        }
        hash = SHA256()
        bytes = 0
    }

    private mutating func readToEnd() throws {
        try readFile(descriptor, path: path) { chunk in
            hash.update(bufferPointer: chunk)
            bytes += chunk.count
        }
    }
}

/// Reads from a descriptor to its end, a megabyte at a time.
///
/// - Throws: ``FileError``, or `CancellationError` where the task is cancelled meanwhile.
func readFile(
    _ descriptor: Int32, path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        try Task.checkCancellation()
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw FileError("read", path: path, code: errno)
        }
        if count == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
}

/// The size and SHA-256 of a file that is only read.
///
/// - Throws: ``FileError``, or `CancellationError`.
func digest(ofFile path: String) throws -> FetchedFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
    defer { close(descriptor) }
    var hash = SHA256()
    var bytes = 0
    try readFile(descriptor, path: path) { chunk in
        hash.update(bufferPointer: chunk)
        bytes += chunk.count
    }
    return FetchedFile(bytes: bytes, sha256: hash.finalize().hexadecimal)
}

/// The SHA-1 of a file, or the name that git gives to what it holds: that of its length and its bytes.
func sha1(ofFile path: String, asGitBlob: Bool) throws -> String {
    guard let size = fileSize(path) else { throw FileError("read", path: path, code: ENOENT) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path: path, code: errno) }
    defer { close(descriptor) }
    var hash = Insecure.SHA1()
    if asGitBlob { hash.update(data: Array("blob \(size)\0".utf8)) }
    try readFile(descriptor, path: path) { hash.update(bufferPointer: $0) }
    return hash.finalize().hexadecimal
}
