import Foundation

/// A generator of its own (xorshift64*, Marsaglia 2003, Vigna 2016), so that tests share no arithmetic with what they
/// test and are the same in every run.
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &* 2_685_821_657_736_338_717 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 2_685_821_657_736_338_717
    }

    /// A draw from the normal distribution (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    mutating func logits(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(3 * normal()) }
    }
}
