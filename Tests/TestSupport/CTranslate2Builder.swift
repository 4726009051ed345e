/// Writes CTranslate2's `model.bin`: sound ones, and with parts of the test's own also others.
package struct CTranslate2Builder {
    package enum Width: UInt8 {
        case f32, i8, i16, i32, f16, bf16
    }

    package var version: UInt32 = 6
    package var specification = "WhisperSpec"
    package var aliases: [(String, String)] = []
    private var variables: [UInt8] = []
    private var count: UInt32 = 0

    package init() {}

    package mutating func add(_ name: String, _ shape: [Int], _ values: [Float], as width: Width = .f16) {
        var data: [UInt8] = []
        for value in values {
            switch width {
            case .f32: data += Self.bytes(value.bitPattern)
            case .f16: data += Self.bytes(Float16(value).bitPattern)
            case .bf16: data += Self.bytes(UInt16(value.bitPattern >> 16))
            case .i8: data += Self.bytes(Int8(value))
            case .i16: data += Self.bytes(Int16(value))
            case .i32: data += Self.bytes(Int32(value))
            }
        }
        add(name, shape, type: width.rawValue, data)
    }

    package mutating func add(
        _ name: String, _ shape: [Int], type: UInt8, _ data: [UInt8], announcing size: Int? = nil
    ) {
        variables += Self.text(name) + [UInt8(shape.count)] + shape.flatMap { Self.bytes(UInt32($0)) } + [type]
        variables += Self.bytes(UInt32(size ?? data.count)) + data
        count += 1
    }

    package func bytes(announcing variables: UInt32? = nil) -> [UInt8] {
        Self.bytes(version) + Self.text(specification) + Self.bytes(UInt32(3)) + Self.bytes(variables ?? count)
            + self.variables + Self.bytes(UInt32(aliases.count))
            + aliases.flatMap { Self.text($0.0) + Self.text($0.1) }
    }

    private static func text(_ text: String) -> [UInt8] {
        bytes(UInt16(text.utf8.count + 1)) + Array(text.utf8) + [0]
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
