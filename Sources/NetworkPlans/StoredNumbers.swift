/// Where a network's numbers lie in its file of weights. They are little-endian and row-major.
package struct StoredNumbers: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
        case f32
        case f16
        case bf16

        package var byteCount: Int { self == .f32 ? 4 : 2 }
    }

    package var type: Kind
    /// In bytes.
    package var offset: Int
    package var shape: [Int]

    package init(type: Kind, offset: Int, shape: [Int]) {
        self.type = type
        self.offset = offset
        self.shape = shape
    }
}
