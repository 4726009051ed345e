/// The normalizer of BERT: cleans text, sets ideographs apart, strips accents, lowercases, in this order.
struct BERTNormalizer: Normalizer {
    /// Drops control characters, and makes every kind of space an ASCII one.
    var cleansText: Bool
    /// Puts spaces around Han ideographs, so that each is a word of its own.
    var separatesIdeographs: Bool
    var stripsAccents: Bool
    var lowercases: Bool

    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = text
        if cleansText { text = cleaned(text) }
        if separatesIdeographs { text = separatingIdeographs(in: text) }
        if stripsAccents { text = strippingAccents(from: text) }
        if lowercases { text = LowercaseNormalizer().normalize(text) }
        return text
    }

    private func cleaned(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.compactMap { scalar in
            if scalar.value >= 0x20 && scalar.value < 0x7F { return scalar }
            if scalar == "\0" || scalar == "\u{FFFD}" || scalar.isBERTControl { return nil }
            return scalar.isSpace ? " " : scalar
        }
    }

    private func separatingIdeographs(in text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains(where: \.isBERTIdeograph) else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(3 * text.count)
        for scalar in text {
            if scalar.isBERTIdeograph {
                result += [" ", scalar, " "]
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    private func strippingAccents(from text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result = CanonicalForms.decomposed(text)
        result.removeAll(where: \.isNonspacingMark)
        return result
    }
}
