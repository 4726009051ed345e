import CHalf

/// Arithmetic in binary16 (IEEE 754), 32 numbers in an instruction.
package enum HalfArithmetic {
    /// Whether this processor has it (AVX512-FP16), and the system saves its registers.
    package static let isAvailable = half_is_available()
}
