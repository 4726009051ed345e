/// The element types of OpenVINO's tensors that imported graphs use.
package enum IRElementType: String, Sendable, Hashable {
    case f32
    case f16
    case bf16
    case i64
    case i32
    case u8
    case i8
    case boolean

    /// The width of one element, in bytes.
    package var byteCount: Int {
        switch self {
        case .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16: 2
        case .u8, .i8, .boolean: 1
        }
    }

    /// The name of the type on a port; the attributes of operations take ``rawValue``.
    var precision: String {
        switch self {
        case .f32: "FP32"
        case .f16: "FP16"
        case .bf16: "BF16"
        case .i64: "I64"
        case .i32: "I32"
        case .u8: "U8"
        case .i8: "I8"
        case .boolean: "BOOL"
        }
    }
}
