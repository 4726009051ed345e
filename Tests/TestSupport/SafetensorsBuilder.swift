/// Writes safetensors files: sound ones, and with a header of the test's own also others.
package struct SafetensorsBuilder {
    package enum Width: String {
        case f32 = "F32"
        case f16 = "F16"
        case bf16 = "BF16"
    }

    private var entries: [String] = []
    private var data: [UInt8] = []

    package init() {}

    package mutating func add(_ name: String, _ shape: [Int], _ values: [Float], as width: Width = .f32) {
        let start = data.count
        for value in values {
            switch width {
            case .f32: append(value.bitPattern)
            case .f16: append(Float16(value).bitPattern)
            case .bf16: append(UInt16(value.bitPattern >> 16))
            }
        }
        entries.append(
            "\"\(name)\":{\"dtype\":\"\(width.rawValue)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(data.count)]}"
        )
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { data += $0 }
    }

    package func bytes() -> [UInt8] {
        SafetensorsBuilder.file(
            header: "{\"__metadata__\":{\"format\":\"pt\"}," + entries.joined(separator: ",") + "}", data: data)
    }

    package static func file(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(header.utf8) + data
    }
}
