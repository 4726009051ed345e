/// e to the power of each lane, for lanes of at most 0, to within 2 units in the last place. Lanes below −87 give 0.
///
/// The usual reduction: x = n · ln 2 + r, a polynomial for the power of r (the coefficients of the Cephes library's `expf`),
/// and n added to the exponent's bits.
@inline(__always)
func exponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
    typealias Lanes = SIMD8<Float>
    // `clamped` takes one lane after another.
    let clamped = x.replacing(with: -87, where: x .< -87)
    // Adding 1.5 × 2²³ leaves the nearest whole number in the low bits of the significand.
    let rounder: Float = 12_582_912
    let shifted = clamped * 1.442_695_04 + rounder
    let n = shifted - rounder
    let r = clamped - n * 0.693_359_375 + n * 2.121_944_4e-4
    var y = Lanes(repeating: 1.987_569_15e-4)
    y = y * r + 1.398_199_95e-3
    y = y * r + 8.333_451_9e-3
    y = y * r + 4.166_579_6e-2
    y = y * r + 1.666_666_55e-1
    y = y * r + 5.000_000_1e-1
    y = y * r * r + r + 1
    let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- Int32(bitPattern: rounder.bitPattern)
    let power = unsafeBitCast((whole &+ 127) &<< 23, to: Lanes.self)
    return (y * power).replacing(with: 0, where: x .< -87)
}
