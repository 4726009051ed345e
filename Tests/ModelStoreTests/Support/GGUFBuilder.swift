/// A GGUF file of metadata only.
struct GGUFBuilder {
    private var entries: [UInt8] = []
    private var count: UInt64 = 0

    mutating func add(_ key: String, _ value: String) {
        begin(key, type: 8)
        append(value)
    }

    mutating func add(_ key: String, _ value: UInt32) {
        begin(key, type: 4)
        append(value)
    }

    mutating func add(_ key: String, _ values: [String]) {
        begin(key, type: 9)
        append(UInt32(8))
        append(UInt64(values.count))
        for value in values { append(value) }
    }

    mutating func add(_ key: String, _ values: [Float]) {
        begin(key, type: 9)
        append(UInt32(6))
        append(UInt64(values.count))
        for value in values { append(value.bitPattern) }
    }

    func bytes() -> [UInt8] {
        var header = GGUFBuilder()
        header.append(UInt32(3))
        header.append(UInt64(0))
        header.append(count)
        return Array("GGUF".utf8) + header.entries + entries
    }

    private mutating func begin(_ key: String, type: UInt32) {
        count += 1
        append(key)
        append(type)
    }

    private mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        entries += Array(text.utf8)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { entries += $0 }
    }
}
