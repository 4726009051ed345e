/// A matrix in 8 bits: of each row, every 64 numbers are whole multiples, −127 to 127, of a 127th of their largest.
///
/// Groups keep a few large weights from making the rest of their row coarse: against whole rows they halve the error of
/// the scores.
package struct GroupQuantization: Sendable {
    package let rows: Int
    package let groups: Int
    /// Columns of a group.
    package let size: Int
    private let type: IRElementType
    private let data: IRData

    private static let preferredSize = 64

    /// - Parameters:
    ///   - type: f32, f16 or bf16.
    ///   - shape: of a matrix.
    package init(_ type: IRElementType, _ shape: [Int], _ data: IRData) {
        self.type = type
        self.data = data
        rows = shape[0]
        let columns = shape[1]
        size = columns.isMultiple(of: Self.preferredSize) ? Self.preferredSize : columns
        groups = columns / size
    }

    /// i8, [rows, groups, columns of a group].
    package var numbers: IRData {
        IRData(count: rows * groups * size) { () throws(ModelImportError) in try quantized() }
    }

    /// f32, [rows, groups, 1].
    package var scales: IRData {
        IRData(count: rows * groups * 4) { () throws(ModelImportError) in
            let bytes = try data.bytes()
            var scales: [UInt8] = []
            scales.reserveCapacity(rows * groups * 4)
            for group in 0..<rows * groups {
                let scale = largest(of: group, bytes) / 127
                withUnsafeBytes(of: scale.bitPattern.littleEndian) { scales += $0 }
            }
            return scales
        }
    }

    private func quantized() throws(ModelImportError) -> [UInt8] {
        let bytes = try data.bytes()
        return [UInt8](unsafeUninitializedCapacity: rows * groups * size) { numbers, count in
            count = rows * groups * size
            for group in 0..<rows * groups {
                let largest = largest(of: group, bytes)
                let factor = largest > 0 ? 127 / largest : 0
                for place in group * size..<(group + 1) * size {
                    let number = type.number(bytes, place) * factor
                    // A largest number so small that its inverse is infinite has no multiples.
                    let whole = number.isFinite ? number.rounded(.toNearestOrEven) : 0
                    numbers[place] = UInt8(bitPattern: Int8(whole))
                }
            }
        }
    }

    /// The largest magnitude of a group; 0 where it is infinite.
    private func largest(of group: Int, _ bytes: [UInt8]) -> Float {
        var largest: Float = 0
        for place in group * size..<(group + 1) * size {
            largest = max(largest, abs(type.number(bytes, place)))
        }
        return largest.isFinite ? largest : 0
    }
}

extension IRElementType {
    /// One number of a weight's bytes, little-endian. The type is one of f32, bf16 and f16.
    @inline(__always)
    fileprivate func number(_ bytes: [UInt8], _ index: Int) -> Float {
        let place = index * byteCount
        let low = UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
        switch self {
        case .f32:
            return Float(bitPattern: UInt32(bytes[place + 3]) << 24 | UInt32(bytes[place + 2]) << 16 | UInt32(low))
        case .bf16: return Float(bitPattern: UInt32(low) << 16)
        default: return Float(halfBits: low)
        }
    }
}

extension Float {
    /// The value of a number of 16 bits as IEEE 754 has it: 1 bit of sign, 5 of exponent, 10 of fraction.
    @inline(__always)
    package init(halfBits bits: UInt16) {
        let magnitude = UInt32(bits & 0x7FFF) << 13
        let sign = UInt32(bits & 0x8000) << 16
        // The exponents' zeros lie 112 apart; a product with 2^112 moves them, and is right for subnormal numbers too.
        let scaled = Float(bitPattern: magnitude) * Float(bitPattern: (127 + 112) << 23)
        let isFinite = bits & 0x7C00 != 0x7C00
        self = Float(bitPattern: sign | (isFinite ? scaled.bitPattern : magnitude | 0x7F80_0000))
    }
}
