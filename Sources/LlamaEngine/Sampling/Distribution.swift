#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

package func logarithm(_ x: Float) -> Float { log(x) }

/// The softmax of logits over a temperature: weights e^((logit − maximum) / temperature), not normalised.
///
/// Nothing of the vocabulary's size is stored: sums are kept for blocks of 512 tokens, and a weight is computed again
/// when it is wanted.
package struct Distribution {
    private static let block = 512

    let logits: Logits
    let maximum: Float
    private let inverseTemperature: Float
    /// Tokens with a smaller logit have no weight.
    private let floor: Float
    private let blockSums: [Float]
    /// The sum of all weights; at least 1, the most likely token's.
    let total: Float

    package init(_ logits: Logits, maximum: Float, temperature: Float, floor: Float) {
        self.logits = logits
        self.maximum = maximum
        self.floor = floor
        inverseTemperature = 1 / temperature
        var sums: [Float] = []
        sums.reserveCapacity(logits.count / Self.block + 1)
        for start in stride(from: 0, to: logits.count, by: Self.block) {
            var sum = SIMD16<Float>()
            logits.forEachGroup(in: start..<min(start + Self.block, logits.count)) { [inverseTemperature] _, group in
                sum += Self.weights(group, maximum, inverseTemperature, floor)
            }
            sums.append(sum.sum())
        }
        blockSums = sums
        total = sums.reduce(0, +)
    }

    /// The token at `uniform` (0..<1) of the cumulative distribution.
    package func draw(_ uniform: Float) -> Int32 {
        var target = uniform * total
        var last: Int32 = 0
        // Rounding can leave a little of the target beyond the last block that has weight; that block takes it.
        let lastBlock = blockSums.lastIndex { $0 > 0 } ?? 0
        for (index, sum) in blockSums.enumerated() where sum > 0 {
            let start = index * Self.block
            if target >= sum, index < lastBlock {
                target -= sum
                continue
            }
            for token in start..<min(start + Self.block, logits.count) {
                let weight = weight(ofLogit: logits[token])
                guard weight > 0 else { continue }
                last = Int32(token)
                target -= weight
                if target < 0 { return last }
            }
        }
        return last
    }

    /// The logit at and above which a token's share of the total is at least `share`.
    func logit(atShare share: Float) -> Float {
        max(floor, maximum + logarithm(share * total) / inverseTemperature)
    }

    package func weight(ofLogit logit: Float) -> Float {
        Self.weights(SIMD16(repeating: logit), maximum, inverseTemperature, floor)[0]
    }

    @inline(__always)
    private static func weights(
        _ group: SIMD16<Float>, _ maximum: Float, _ inverseTemperature: Float, _ floor: Float
    ) -> SIMD16<Float> {
        // Not `group .< floor`, which is false for a NaN.
        exponential((group - maximum) * inverseTemperature).replacing(with: 0, where: .!(group .>= floor))
    }
}
