import Inference

/// How long a model's vectors are, and may be made.
package struct VectorShape: Sendable {
    /// Components of the model's own vectors.
    package let dimensions: Int
    /// Whether the first components are a vector too (Kusupati et al. 2022, "Matryoshka Representation Learning").
    private let isShortened: Bool

    package init(dimensions: Int, shortensVectors: Bool) {
        self.dimensions = dimensions
        isShortened = shortensVectors
    }

    /// Components of the vectors that a request asks for.
    ///
    /// - Throws: ``InferenceError`` of kind `invalidRequest` where this model has no such vectors.
    package func dimensions(asked: Int?) throws -> Int {
        guard let asked else { return dimensions }
        guard isShortened else {
            throw InferenceError(
                .invalidRequest,
                "This model was not trained for shorter vectors; its own have \(dimensions) components. Leave out "
                    + "dimensions.", parameter: "dimensions")
        }
        guard 1...dimensions ~= asked else {
            throw InferenceError(
                .invalidRequest, "This model's vectors have 1 to \(dimensions) components.", parameter: "dimensions")
        }
        return asked
    }

    /// The first components of each vector, at unit length.
    ///
    /// - Parameter vectors: row after row, of the model's own length.
    /// - Throws: ``InferenceError`` of kind `internal` where a vector has no direction.
    package func unitVectors(_ vectors: [Float], dimensions kept: Int) throws -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(vectors.count / dimensions * kept)
        for start in stride(from: 0, to: vectors.count, by: dimensions) {
            let row = vectors[start..<start + kept]
            let length = row.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
            guard length > 0, length.isFinite else {
                throw InferenceError(.internal, "The engine gave a vector that has no direction.")
            }
            let scale = Float(1 / length)
            for component in row { result.append(component * scale) }
        }
        return result
    }
}
