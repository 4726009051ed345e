#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads a log from its last lines on, and what is added to it, also in the file that takes its place.
public struct LogReader: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private var offset: off_t = 0

    /// - Throws: ``BackgroundError`` where there is no such file, or it cannot be read.
    public init(_ path: String) throws(BackgroundError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackgroundError("Could not read \(path)", code: errno) }
    }

    deinit { close(descriptor) }

    /// The last lines there are; what follows them is ``added()``'s. Memory grows with these lines alone.
    public mutating func last(_ count: Int) -> [UInt8] {
        let end = lseek(descriptor, 0, SEEK_END)
        offset = end
        var window: off_t = 65_536
        while true {
            let start = max(0, end - window)
            let bytes = read(from: start, upTo: end)
            let lines = LogTail.lines(count, of: bytes)
            if lines.count < bytes.count || start == 0 { return lines }
            window *= 4
        }
    }

    /// What has been written since the last call. Empty where nothing has.
    public mutating func added() -> [UInt8] {
        var named = stat()
        var held = stat()
        let isThere = stat(path, &named) == 0
        fstat(descriptor, &held)
        // One that was cut short is read from its start.
        if held.st_size < offset { offset = 0 }
        var bytes = read(from: offset, upTo: held.st_size)
        offset += off_t(bytes.count)
        if isThere, named.st_ino != held.st_ino || named.st_dev != held.st_dev {
            let next = open(path, O_RDONLY | O_CLOEXEC)
            guard next >= 0 else { return bytes }
            close(descriptor)
            (descriptor, offset) = (next, 0)
            let fresh = read(from: 0, upTo: named.st_size)
            offset = off_t(fresh.count)
            bytes += fresh
        }
        return bytes
    }

    private func read(from start: off_t, upTo end: off_t) -> [UInt8] {
        guard end > start else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(end - start))
        var filled = 0
        while filled < bytes.count {
            let position = start + off_t(filled)
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, position)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }
}
