import Foundation

/// SentencePiece's own normalization: a map, compiled into the model's file, from characters to what they become.
///
/// The map is a double-array trie over UTF-8 (J. Aoe, 1989, as the Darts library lays it out), whose values are places
/// in a block of texts, each ended by a NUL.
struct PrecompiledNormalizer: Normalizer {
    private let units: [UInt32]
    private let texts: [UInt8]

    /// - Parameter base64: the trie's size in bytes as a little-endian 32-bit number, its units, and the texts; `nil`
    ///   where it is not that. An empty map changes nothing.
    init?(base64: String) {
        guard let data = Data(base64Encoded: base64) else { return nil }
        let bytes = Array(data)
        guard !bytes.isEmpty else {
            (units, texts) = ([], [])
            return
        }
        guard bytes.count >= 4, case let size = Int(Self.word(bytes[0..<4])), size % 4 == 0, size <= bytes.count - 4
        else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map { Self.word(bytes[$0..<$0 + 4]) }
        texts = Array(bytes[(4 + size)...])
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Looks up short grapheme clusters whole, and what is not found character by character.
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var string = String.UnicodeScalarView()
        string.append(contentsOf: text)
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for character in String(string) {
            // The bound, and the two steps, are the reference's.
            if character.utf8.count < 6, let mapped = mapped(character.utf8) {
                result.append(contentsOf: mapped.unicodeScalars)
                continue
            }
            for scalar in character.unicodeScalars {
                if let mapped = mapped(Array(String(scalar).utf8)) {
                    result.append(contentsOf: mapped.unicodeScalars)
                } else {
                    result.append(scalar)
                }
            }
        }
        return result
    }

    /// What the shortest prefix in the map becomes; `nil` where no prefix of the key is there.
    private func mapped(_ key: some Sequence<UInt8>) -> String? {
        var node = 0
        guard let root = unit(at: node) else { return nil }
        node ^= Self.offset(root)
        for byte in key {
            guard byte != 0 else { return nil }
            node ^= Int(byte)
            guard let unit = unit(at: node), Self.label(unit) == UInt32(byte) else { return nil }
            node ^= Self.offset(unit)
            guard Self.hasValue(unit) else { continue }
            guard let leaf = self.unit(at: node), case let start = Int(leaf & 0x7FFF_FFFF), start <= texts.count else {
                return nil
            }
            return String(decoding: texts[start...].prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }

    private func unit(at index: Int) -> UInt32? { units.indices.contains(index) ? units[index] : nil }

    // MARK: Units of the double array

    private static func hasValue(_ unit: UInt32) -> Bool { unit >> 8 & 1 == 1 }
    private static func label(_ unit: UInt32) -> UInt32 { unit & 0x8000_00FF }
    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }
}
