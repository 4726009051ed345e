import CHalf

/// Where a network's numbers lie in its file of weights, as the plans beside it say.
struct StoredNumbers: Decodable, Sendable {
    enum Kind: String, Decodable, Sendable {
        case f32
        case f16
        case bf16

        var byteCount: Int { self == .f32 ? 4 : 2 }

        var storage: half_storage {
            switch self {
            case .f32: half_stored_f32
            case .f16: half_stored_f16
            case .bf16: half_stored_bf16
            }
        }
    }

    var type: Kind
    /// In bytes.
    var offset: Int
    var shape: [Int]
}
