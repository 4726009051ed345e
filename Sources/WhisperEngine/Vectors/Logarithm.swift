/// The natural logarithm of each lane, for normal numbers above 0, to within 2 units in the last place.
///
/// The usual reduction: x = m · 2ⁿ with m in √½…√2, and a polynomial for the logarithm of m (the coefficients of the Cephes
/// library's `logf`).
@inline(__always)
func logarithm(_ x: SIMD8<Float>) -> SIMD8<Float> {
    typealias Lanes = SIMD8<Float>
    let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
    // √½ as bits: taken away, the exponent's field rounds to the power of two nearest to x.
    let exponent = (bits &- 0x3F35_04F3) &>> 23
    let m = unsafeBitCast(bits &- (exponent &<< 23), to: Lanes.self) - 1
    let n = Lanes(exponent)
    var y = Lanes(repeating: 7.037_683_6e-2)
    y = y * m - 1.151_461_03e-1
    y = y * m + 1.167_699_87e-1
    y = y * m - 1.242_014_08e-1
    y = y * m + 1.424_932_28e-1
    y = y * m - 1.666_805_77e-1
    y = y * m + 2.000_071_48e-1
    y = y * m - 2.499_999_4e-1
    y = y * m + 3.333_333_1e-1
    let square = m * m
    let low = y * m * square - n * 2.121_944_4e-4 - square * 0.5
    return m + low + n * 0.693_359_375
}
