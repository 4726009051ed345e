#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file as read-only memory. It is in memory as far as it is read, for as long as the system likes.
final class MappedFile: Sendable {
    // Nobody writes there.
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer
    /// In bytes.
    let count: Int

    /// - Returns: `nil` where the file cannot be read, or has nothing in it.
    init?(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 0,
            let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
        else { return nil }
        self.start = start
        count = Int(status.st_size)
    }

    deinit { munmap(start, count) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Takes bytes that were read out of this process's memory; they come back from the system's cache at their next use.
    func release(_ range: Range<Int>) {
        let page = Int(getpagesize())
        let first = range.lowerBound / page * page
        madvise(start + first, range.upperBound - first, MADV_DONTNEED)
    }
}
