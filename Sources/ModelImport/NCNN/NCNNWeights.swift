/// The numbers of a network (`.bin`): what each layer needs, in the order of the layers, without names or counts.
struct NCNNWeights {
    /// Numbers in the file, and what they are stored as.
    struct Numbers {
        var type: IRElementType
        var data: IRData
        var range: Range<Int>
    }

    /// The word before weights that tells how they are stored.
    private enum Flag {
        static let float32: UInt32 = 0
        /// f32 too; ncnn's tools for 8-bit weights wrote it before those that they left as they are.
        static let float32Scaled: UInt32 = 0x0002_C056
        static let float16: UInt32 = 0x0130_6B47
        static let int8: UInt32 = 0x000D_4B38
    }

    private let file: FileReader
    private var offset = 0

    init(_ path: String) throws(ModelImportError) {
        file = try FileReader(path)
    }

    /// Weights, behind a word that tells how they are stored.
    ///
    /// - Throws: ``NCNNFault`` where the file ends before them, or they are of 8 bits or fewer.
    mutating func flagged(_ count: Int) throws(NCNNFault) -> Numbers {
        let bytes = try read(try take(4))
        let flag = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        switch flag {
        case Flag.float32, Flag.float32Scaled: return try plain(count)
        case Flag.float16:
            let range = try take(2 * count)
            // Four bytes are the file's grain.
            if count % 2 == 1 { _ = try take(2) }
            return Numbers(type: .f16, data: IRData(file, range), range: range)
        case Flag.int8:
            throw NCNNFault(.unsupported, "has weights of 8 bits; only those of 16 and 32 bits are known here")
        default:
            throw NCNNFault(
                .unsupported,
                "has weights behind the word 0x\(String(flag, radix: 16)), as ncnn's tables of 256 values have; only those "
                    + "of 16 and 32 bits are known here")
        }
    }

    /// Numbers of f32 without such a word.
    mutating func plain(_ count: Int) throws(NCNNFault) -> Numbers {
        let range = try take(4 * count)
        return Numbers(type: .f32, data: IRData(file, range), range: range)
    }

    /// The bytes of numbers, for those that are not kept in the order of the file.
    func bytes(of numbers: Numbers) throws(NCNNFault) -> [UInt8] {
        try read(numbers.range)
    }

    /// Whether everything has been taken.
    ///
    /// - Throws: ``ModelImportError`` where something is left.
    func finish() throws(ModelImportError) {
        guard offset == file.count else {
            throw ModelImportError(
                .malformed,
                "\(file.name) has \(file.count) bytes, of which the network uses \(offset): they do not belong together."
            )
        }
    }

    private mutating func take(_ count: Int) throws(NCNNFault) -> Range<Int> {
        guard count <= file.count - offset else {
            throw NCNNFault(
                .malformed, "needs \(count) bytes at \(offset) of \(file.name), which ends at \(file.count)")
        }
        defer { offset += count }
        return offset..<(offset + count)
    }

    private func read(_ range: Range<Int>) throws(NCNNFault) -> [UInt8] {
        do {
            return try file.read(range)
        } catch {
            throw NCNNFault(error.kind, "could not be read: \(error.message)")
        }
    }
}
