#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A new file that grows at its end, gathered into writes of a megabyte.
struct FileWriter: ~Copyable {
    private let name: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Bytes given so far.
    private(set) var count = 0

    private static let bufferSize = 1 << 20

    /// Makes the file, or empties the one that is there.
    init(_ path: String) throws(ModelImportError) {
        name = path.lastPathComponent
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileWriter.error(name) }
        buffer.reserveCapacity(FileWriter.bufferSize)
    }

    deinit {
        close(descriptor)
    }

    mutating func write(_ bytes: [UInt8]) throws(ModelImportError) {
        count += bytes.count
        if buffer.count + bytes.count > FileWriter.bufferSize { try flush() }
        if bytes.count < FileWriter.bufferSize {
            buffer += bytes
        } else {
            try writeAll(bytes)
        }
    }

    mutating func write(_ text: String) throws(ModelImportError) {
        try write(Array(text.utf8))
    }

    /// Adds zeros until ``count`` is a multiple of `alignment`.
    mutating func align(to alignment: Int) throws(ModelImportError) {
        try write([UInt8](repeating: 0, count: (alignment - count % alignment) % alignment))
    }

    /// Writes what is still held back; to be called once, at the end.
    mutating func flush() throws(ModelImportError) {
        try writeAll(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: [UInt8]) throws(ModelImportError) {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0[start...]) }
            if written < 0 {
                if errno == EINTR { continue }
                throw FileWriter.error(name)
            }
            start += written
        }
    }

    private static func error(_ name: String) -> ModelImportError {
        ModelImportError(.unwritable, "\(name) could not be written: \(String(cString: strerror(errno))).")
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    let bytes = UnsafeRawBufferPointer(rebasing: bytes)
    return write(descriptor, bytes.baseAddress, bytes.count)
}
