#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of weights that OpenVINO maps into memory: a model's own, and compiled models that were kept.
enum MappedWeights {
    /// Gives back the pages that compiling, and a first inference, have read.
    ///
    /// A compiled model computes with packed copies of most of its weights; the pages that they were read from would stay
    /// counted as this process's memory until the system is short of it. What is still needed of them, such as the rows of
    /// an embedding, comes back from the system's cache at its next use. Linux alone; elsewhere nothing is done.
    ///
    /// - Parameter folders: those in which the files lie.
    static func release(in folders: [String]) {
        #if os(Linux)
            guard let file = fopen("/proc/self/maps", "re") else { return }
            defer { fclose(file) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            defer { free(line) }
            while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
                guard text.hasSuffix(".bin\n") || text.hasSuffix(".blob\n"), let path = text.firstIndex(of: "/"),
                    folders.contains(where: { text[path...].hasPrefix($0 + "/") }), let range = Self.range(text)
                else { continue }
                madvise(range.baseAddress, range.count, MADV_DONTNEED)
            }
        #endif
    }

    #if os(Linux)
        /// The addresses of a line of `/proc/self/maps`, where they cannot be written: to drop those would lose what was.
        private static func range(_ line: String) -> UnsafeMutableRawBufferPointer? {
            let fields = line.split(separator: " ", maxSplits: 2)
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields.count > 1, !fields[1].contains("w"), ends.count == 2, ends[0] < ends[1] else { return nil }
            return UnsafeMutableRawBufferPointer(
                start: UnsafeMutableRawPointer(bitPattern: ends[0]), count: Int(ends[1] - ends[0]))
        }
    #endif
}
