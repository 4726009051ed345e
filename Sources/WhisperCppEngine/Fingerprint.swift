/// A short name for what decides an engine's answers.
enum Fingerprint {
    /// The 64-bit FNV-1a hash of the parts, as `fp_` and 16 hexadecimal digits; not a protection against forgery.
    static func of(_ parts: String...) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\u{0}").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return "fp_" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
