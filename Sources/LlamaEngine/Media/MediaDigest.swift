/// What stands for the bytes of a picture's or a sound's file: their SHA-256.
package struct MediaDigest: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// - Parameter hexadecimal: 64 digits.
    package init?(hexadecimal: String) {
        guard hexadecimal.utf8.count == 64 else { return nil }
        var words = SIMD4<UInt64>()
        var rest = hexadecimal[...]
        for index in words.indices {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words[index] = word
            rest = rest.dropFirst(16)
        }
        self.words = words
    }

    /// What stands in a prompt's tokens for the embeddings of the file: negative, so that none is taken for a token of
    /// the vocabulary, and the same for the same file, so that a prompt's prefix is found in the cache whatever it is
    /// made of. Four of them or more tell any two files apart.
    ///
    /// - Parameter part: which of the file's runs of embeddings it is, where a projector cuts one into several.
    package func tokens(part: Int, count: Int) -> [Int32] {
        (0..<count).map { index in
            let place = UInt64(truncatingIfNeeded: part) << 32 | UInt64(truncatingIfNeeded: index)
            return Int32(truncatingIfNeeded: Self.mixed(words[index % 4] ^ Self.mixed(place))) | .min
        }
    }

    /// The finaliser of SplitMix64 (Steele et al. 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
