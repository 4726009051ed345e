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

    /// The first bytes.
    func prefix(_ count: Int) -> IRData {
        var result = IRData(joining: [])
        for part in parts where result.count < count {
            let missing = count - result.count
            switch part {
            case .bytes(let bytes):
                result = IRData(joining: [result, IRData(Array(bytes.prefix(missing)))])
            case .file(let reader, let range):
                result = IRData(joining: [result, IRData(reader, range.prefix(missing))])
            case .computed(let count, let bytes):
                let head = IRData(count: min(count, missing)) { () throws(ModelImportError) in
                    Array(try bytes().prefix(missing))
                }
                result = IRData(joining: [result, head])
            }
        }
        return result
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
