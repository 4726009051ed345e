import COpenVINO

/// A type of number that tensors are made of.
package protocol TensorElement: BitwiseCopyable, Sendable {
    static var elementType: ElementType { get }
}

extension Float: TensorElement { package static var elementType: ElementType { .float32 } }
extension Int32: TensorElement { package static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { package static var elementType: ElementType { .int64 } }
extension Int8: TensorElement { package static var elementType: ElementType { .int8 } }
extension UInt8: TensorElement { package static var elementType: ElementType { .uint8 } }

/// The types of number that inputs and outputs of models have.
package enum ElementType: Sendable, Equatable {
    case bool, bfloat16, float16, float32, int8, int32, int64, uint8
    /// One that this project has no use for, by OpenVINO's number.
    case other(UInt32)

    init(_ type: ov_element_type_e) {
        self =
            switch type {
            case boolean: .bool
            case BF16: .bfloat16
            case F16: .float16
            case F32: .float32
            case I8: .int8
            case I32: .int32
            case I64: .int64
            case U8: .uint8
            default: .other(type.rawValue)
            }
    }

    var cValue: ov_element_type_e {
        switch self {
        case .bool: boolean
        case .bfloat16: BF16
        case .float16: F16
        case .float32: F32
        case .int8: I8
        case .int32: I32
        case .int64: I64
        case .uint8: U8
        case .other(let number): ov_element_type_e(number)
        }
    }
}

/// `BOOLEAN` of the C header: Swift does not import a constant of this name.
private let boolean = ov_element_type_e(DYNAMIC.rawValue + 1)
