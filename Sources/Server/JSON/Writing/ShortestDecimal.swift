/// Writes floats as the shortest decimals that are read back as the same floats; of several as short as that, the
/// nearest. They are what Swift's own descriptions are, made in half their time for the numbers that vectors of unit
/// length consist of.
///
/// A float of magnitude 0.0001 to 1 is scaled by a power of ten to 9 digits and a fraction. Every decimal within half a
/// unit of the float's last place is read back as that float, so that digits may be taken off the end for as long as the
/// rounded rest stays within. The arithmetic is in doubles, whose error there is about 10⁻⁷ of the ninth digit's unit:
/// where a comparison is closer than that, where 6 digits or fewer are enough, and for all other floats, Swift decides.
enum ShortestDecimal {
    /// The most bytes that one number takes.
    static let longest = 16

    /// Far beyond the error of the arithmetic.
    private static let doubt = 1e-5

    /// - Parameters:
    ///   - value: a finite number.
    ///   - bytes: room for ``longest`` bytes.
    /// - Returns: how many were written.
    @inline(__always)
    static func write(_ value: Float, to bytes: UnsafeMutableRawPointer) -> Int {
        let magnitude = value.magnitude
        // Powers of two have less room below than above.
        guard magnitude < 1, magnitude >= 0.0001, magnitude.significandBitPattern != 0 else {
            return describe(value, to: bytes)
        }
        let zeros = (magnitude < 0.1 ? 1 : 0) + (magnitude < 0.01 ? 1 : 0) + (magnitude < 0.001 ? 1 : 0)
        let scale = zeros < 2 ? (zeros == 0 ? 1e9 : 1e10) : (zeros == 2 ? 1e11 : 1e12)
        let scaled = Double(magnitude) * scale
        // The float without its significand is a power of two, and 2⁻²⁴ of that is half a unit of its last place.
        let half = Double(Float(bitPattern: magnitude.bitPattern & 0x7F80_0000)) * (scale * 0x1p-24)

        let whole = UInt32(scaled)
        let (nine, eight) = (UInt32(scaled + 0.5), (whole + 5) / 10 * 10)
        let (seven, six) = ((whole + 50) / 100 * 100, (whole + 500) / 1_000 * 1_000)
        let (error8, error7) = (abs(Double(eight) - scaled), abs(Double(seven) - scaled))
        let clearance = min(
            min(abs(error8 - half), abs(error7 - half)),
            min(abs(abs(Double(nine) - scaled) - 0.5), min(abs(error8 - 5), abs(error7 - 50))))
        guard clearance > doubt, abs(Double(six) - scaled) > half + doubt else { return describe(value, to: bytes) }

        let (fits8, fits7) = (error8 < half, error7 < half)
        let digits = fits7 ? seven : fits8 ? eight : nine
        let start = Int(value.bitPattern >> 31)
        bytes.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
        // `0.000`, as far as the digits do not stand there.
        bytes.storeBytes(of: UInt32(littleEndian: 0x3030_2E30), toByteOffset: start, as: UInt32.self)
        bytes.storeBytes(of: UInt8(ascii: "0"), toByteOffset: start + 4, as: UInt8.self)
        writeNine(digits, to: bytes + start + 2 + zeros)
        return start + 11 + zeros - (fits8 ? 1 : 0) - (fits7 ? 1 : 0)
    }

    /// Writes a number below 10⁹ as nine digits: the first, and then eight at once, each in a byte of a word.
    @inline(__always)
    private static func writeNine(_ number: UInt32, to bytes: UnsafeMutableRawPointer) {
        let (first, rest) = number.quotientAndRemainder(dividingBy: 100_000_000)
        // Halves of four digits, quarters of two, and single ones; the multiplications divide by 100 and by 10.
        var word = UInt64(rest / 10_000) | UInt64(rest % 10_000) << 32
        let hundreds = (word &* 10_486) >> 20 & 0x0000_007F_0000_007F
        word = hundreds | (word &- 100 &* hundreds) << 16
        let tens = (word &* 103) >> 10 & 0x000F_000F_000F_000F
        word = tens | (word &- 10 &* tens) << 8
        bytes.storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: first), as: UInt8.self)
        bytes.storeBytes(of: (word | 0x3030_3030_3030_3030).littleEndian, toByteOffset: 1, as: UInt64.self)
    }

    @inline(never)
    private static func describe(_ value: Float, to bytes: UnsafeMutableRawPointer) -> Int {
        var text = value.description
        return text.withUTF8 { text in
            for (offset, byte) in text.enumerated() { bytes.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self) }
            return text.count
        }
    }
}
