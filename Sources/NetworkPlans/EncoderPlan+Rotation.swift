#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension EncoderPlan {
    /// Rotary position embedding (Su et al., 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding"): of
    /// each head of queries and keys, components `i` and `i + headWidth / 2` are a point, which is turned by
    /// `position / base^(2i / headWidth)`.
    package struct Rotation: Codable, Sendable, Equatable {
        package var base: Float
        /// Tokens of a text, at most.
        package var length: Int

        package init(base: Float, length: Int) {
            self.base = base
            self.length = length
        }

        /// More angles than any model has; what a file says is held against it before anything is allocated.
        package static let mostAngles = 1 << 23

        package func isSensible(headWidth: Int) -> Bool {
            base > 1 && length > 0 && headWidth > 0 && headWidth.isMultiple(of: 2)
                && length <= Self.mostAngles / (headWidth / 2)
        }

        /// By how much the points of a head are turned at all positions: radians, shape [length, headWidth / 2].
        ///
        /// - Precondition: ``isSensible(headWidth:)``.
        package func angles(headWidth: Int) -> [Double] {
            let (base, half) = (Double(base), Double(headWidth / 2))
            let frequencies = (0..<headWidth / 2).map { point -> Double in 1 / pow(base, Double(point) / half) }
            return (0..<length).flatMap { position in frequencies.map { $0 * Double(position) } }
        }
    }
}
