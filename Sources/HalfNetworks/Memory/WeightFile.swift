import CHalf
import Inference
import NetworkPlans

/// A file of weights.
struct WeightFile: Sendable {
    private let file: MappedFile

    /// - Throws: ``Inference/InferenceError`` of kind `unavailable`.
    init(_ path: String) throws(InferenceError) {
        guard let file = MappedFile(path) else { throw Self.damaged }
        self.file = file
    }

    /// Numbers as f32. Their pages are given back: what is read here is arranged anew, and kept so.
    ///
    /// - Parameter shape: that the network asks for.
    /// - Throws: ``Inference/InferenceError`` of kind `unavailable` where the file does not hold them.
    func numbers(_ stored: StoredNumbers, shape: [Int]) throws(InferenceError) -> [Float] {
        guard stored.shape == shape else { throw Self.damaged }
        let table = try table(stored)
        defer { file.release(stored.offset..<stored.offset + table.rows * table.width * stored.type.byteCount) }
        return [Float](unsafeUninitializedCapacity: table.rows * table.width) { numbers, count in
            for row in 0..<table.rows {
                table.read(row: row, into: UnsafeMutableBufferPointer(rebasing: numbers[(row * table.width)...]))
            }
            count = table.rows * table.width
        }
    }

    /// A table that stays in the file; rows are read from there.
    func table(_ stored: StoredNumbers) throws(InferenceError) -> WeightTable {
        guard let width = stored.shape.last, width > 0, stored.offset >= 0, stored.shape.allSatisfy({ $0 > 0 }) else {
            throw Self.damaged
        }
        var count = 1
        for size in stored.shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard !overflows, product <= file.count else { throw Self.damaged }
            count = product
        }
        guard stored.offset <= file.count, count * stored.type.byteCount <= file.count - stored.offset else {
            throw Self.damaged
        }
        return WeightTable(file: file, stored: stored, rows: count / width, width: width)
    }

    static let damaged = InferenceError(
        .unavailable, "The model's files do not belong together; install the model again.", parameter: "model")
}

/// Rows of numbers in a file.
struct WeightTable: Sendable {
    fileprivate let file: MappedFile
    fileprivate let stored: StoredNumbers
    let rows: Int
    let width: Int

    /// Reads a row as f32.
    ///
    /// - Precondition: the row is there, and the buffer has room for it.
    @inline(__always)
    func read(row: Int, into numbers: UnsafeMutableBufferPointer<Float>) {
        precondition(row >= 0 && row < rows && numbers.count >= width, "a row of the table")
        let storage =
            switch stored.type {
            case .f32: half_stored_f32
            case .f16: half_stored_f16
            case .bf16: half_stored_bf16
            }
        let start = stored.offset + row * width * stored.type.byteCount
        half_read(storage, file.bytes.baseAddress.map { $0 + start }, width, numbers.baseAddress)
    }
}
