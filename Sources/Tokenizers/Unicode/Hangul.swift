/// Hangul syllables, which decompose and compose by arithmetic (The Unicode Standard, section 3.12).
enum Hangul {
    private static let syllables: UInt32 = 0xAC00
    private static let leads: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// One before the first trailing consonant, so that 0 means none.
    private static let trails: UInt32 = 0x11A7
    private static let leadCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let trailCount: UInt32 = 28

    static func isSyllable(_ scalar: Unicode.Scalar) -> Bool {
        (syllables..<syllables + leadCount * vowelCount * trailCount).contains(scalar.value)
    }

    /// Appends the two or three letters of a syllable.
    static func appendDecomposition(of syllable: Unicode.Scalar, to text: inout [Unicode.Scalar]) {
        let index = syllable.value - syllables
        append(leads + index / (vowelCount * trailCount), to: &text)
        append(vowels + index % (vowelCount * trailCount) / trailCount, to: &text)
        if index % trailCount != 0 { append(trails + index % trailCount, to: &text) }
    }

    /// A lead with a vowel, or a syllable without a trailing consonant with one.
    static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (leads..<leads + leadCount).contains(first.value), (vowels..<vowels + vowelCount).contains(second.value) {
            let index = (first.value - leads) * vowelCount + second.value - vowels
            return Unicode.Scalar(syllables + index * trailCount)
        }
        if isSyllable(first), (first.value - syllables) % trailCount == 0,
            (trails + 1..<trails + trailCount).contains(second.value)
        {
            return Unicode.Scalar(first.value + second.value - trails)
        }
        return nil
    }

    private static func append(_ value: UInt32, to text: inout [Unicode.Scalar]) {
        if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
}
