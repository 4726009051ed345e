/// The bytes of a constant, little-endian and row-major, in the order in which they are written.
///
/// Large weights are read when the graph is written, a megabyte at a time, so that a graph never holds them.
package struct IRData: Sendable {
    enum Part: Sendable {
        case bytes([UInt8])
        case file(FileReader, Range<Int>)
        case computed(Int, @Sendable () throws(ModelImportError) -> [UInt8])
    }

    private(set) var parts: [Part]

    /// Bytes altogether.
    package private(set) var count: Int

    package init(_ bytes: [UInt8]) {
        parts = [.bytes(bytes)]
        count = bytes.count
    }

    /// A range of a file. It is read when the graph is written.
    package init(_ file: FileReader, _ range: Range<Int>) {
        parts = [.file(file, range)]
        count = range.count
    }

    /// So many bytes, computed when the graph is written.
    package init(count: Int, computing bytes: @escaping @Sendable () throws(ModelImportError) -> [UInt8]) {
        parts = [.computed(count, bytes)]
        self.count = count
    }

    /// One after another: the joint rows of several matrices of the same width.
    package init(joining data: [IRData]) {
        parts = data.flatMap(\.parts)
        count = data.reduce(0) { $0 + $1.count }
    }

    /// Some of the bytes.
    func part(_ range: Range<Int>) -> IRData {
        var pieces: [IRData] = []
        var start = 0
        for part in parts {
            let own = range.clamped(to: start..<start + part.count)
            if !own.isEmpty { pieces.append(part.part(own.lowerBound - start..<own.upperBound - start)) }
            start += part.count
        }
        return IRData(joining: pieces)
    }

    package init(_ values: [Float]) {
        self.init(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
    }

    package init(_ values: [Int64]) {
        self.init(values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } })
    }

    /// The bytes, where they are in memory as one piece.
    var inline: [UInt8]? {
        guard parts.count == 1, case .bytes(let bytes) = parts[0] else { return nil }
        return bytes
    }

    /// All of them at once, for what is computed before it is written.
    package func bytes() throws(ModelImportError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for part in parts {
            switch part {
            case .bytes(let more): bytes += more
            case .file(let reader, let range): bytes += try reader.read(range)
            case .computed(_, let more): bytes += try more()
            }
        }
        return bytes
    }

    private static let chunkSize = 1 << 20

    func write(to file: inout FileWriter) throws(ModelImportError) {
        for part in parts {
            switch part {
            case .bytes(let bytes): try file.write(bytes)
            case .computed(let count, let bytes):
                let bytes = try bytes()
                precondition(bytes.count == count, "Computed bytes are not as many as announced.")
                try file.write(bytes)
            case .file(let reader, let range):
                var start = range.lowerBound
                while start < range.upperBound {
                    let end = min(start + IRData.chunkSize, range.upperBound)
                    try file.write(reader.read(start..<end))
                    start = end
                }
            }
        }
    }
}

extension IRData.Part {
    fileprivate var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(_, let range): range.count
        case .computed(let count, _): count
        }
    }

    /// - Parameter range: within the part.
    fileprivate func part(_ range: Range<Int>) -> IRData {
        switch self {
        case .bytes(let bytes): IRData(Array(bytes[range]))
        case .file(let reader, let whole):
            IRData(reader, whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
        case .computed(_, let bytes):
            IRData(count: range.count) { () throws(ModelImportError) in Array(try bytes()[range]) }
        }
    }
}
