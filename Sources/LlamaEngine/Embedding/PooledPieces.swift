/// The vector of a text that was pooled piece by piece.
package struct PooledPieces: Sendable {
    private let pooling: PoolingTraits.Pooling
    private let textLength: Int
    private var isEmpty = true
    /// As far as the pieces so far make it.
    package private(set) var vector: [Float]

    /// - Parameter textLength: tokens of all pieces together.
    package init(_ pooling: PoolingTraits.Pooling, textLength: Int, dimensions: Int) {
        self.pooling = pooling
        self.textLength = textLength
        vector = Array(repeating: 0, count: dimensions)
    }

    /// Adds the next piece.
    ///
    /// - Parameters:
    ///   - pooled: what the piece's tokens alone were pooled to.
    ///   - length: how many tokens they are.
    package mutating func add(_ pooled: some Collection<Float>, length: Int) {
        switch pooling {
        case .mean:
            let weight = Float(length) / Float(textLength)
            for (index, component) in pooled.enumerated() { vector[index] += weight * component }
        case .first where isEmpty, .last: vector = Array(pooled)
        case .first: break
        }
        isEmpty = false
    }
}
