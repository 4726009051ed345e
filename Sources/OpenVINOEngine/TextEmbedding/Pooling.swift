/// How the states of a text's tokens become one vector.
package enum Pooling: String, Sendable, CaseIterable {
    case mean
    /// The first token's state.
    case firstToken = "cls"
    /// The largest of each component.
    case maximum = "max"
    case lastToken = "lasttoken"

    /// Pools one text.
    ///
    /// - Parameters:
    ///   - states: row-major, shape `[tokens, components]`; padding left out. At least one token.
    ///   - vector: the components; overwritten. Not of unit length.
    package func pool(_ states: UnsafeBufferPointer<Float>, into vector: UnsafeMutableBufferPointer<Float>) {
        let width = vector.count
        precondition(width > 0 && states.count >= width && states.count % width == 0, "states of whole tokens")
        switch self {
        case .firstToken: copy(states, from: 0, to: vector)
        case .lastToken: copy(states, from: states.count - width, to: vector)
        case .mean: combine(states, into: vector) { $0 + $1 }
        case .maximum: combine(states, into: vector) { $0.replacing(with: $1, where: $1 .> $0) }
        }
        // A mean is a sum but for its length, which every vector loses anyway.
    }

    private func copy(
        _ states: UnsafeBufferPointer<Float>, from start: Int, to vector: UnsafeMutableBufferPointer<Float>
    ) {
        for index in vector.indices { vector[index] = states[start + index] }
    }

    /// Folds the rows, 16 components at a time down all rows, so that the running values stay in a register.
    @inline(__always)
    private func combine(
        _ states: UnsafeBufferPointer<Float>, into vector: UnsafeMutableBufferPointer<Float>,
        _ operation: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>
    ) {
        guard let from = UnsafeRawPointer(states.baseAddress) else { return }
        let (width, size) = (vector.count, MemoryLayout<Float>.stride)
        let whole = width - width % 16
        for column in stride(from: 0, to: whole, by: 16) {
            var folded = from.loadUnaligned(fromByteOffset: column * size, as: SIMD16<Float>.self)
            for row in stride(from: width, to: states.count, by: width) {
                let next = from.loadUnaligned(fromByteOffset: (row + column) * size, as: SIMD16<Float>.self)
                folded = operation(folded, next)
            }
            for lane in 0..<16 { vector[column + lane] = folded[lane] }
        }
        for column in whole..<width {
            var folded = SIMD16(repeating: states[column])
            for row in stride(from: width, to: states.count, by: width) {
                folded = operation(folded, SIMD16(repeating: states[row + column]))
            }
            vector[column] = folded[0]
        }
    }
}
