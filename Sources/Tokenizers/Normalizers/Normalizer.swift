/// Brings text into the form that a model's vocabulary is written in, before it is split.
protocol Normalizer: Sendable {
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]
}

/// One after the other.
struct NormalizerSequence: Normalizer {
    var steps: [any Normalizer]

    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        steps.reduce(text) { $1.normalize($0) }
    }
}

/// Unicode normalization form C.
struct NFCNormalizer: Normalizer {
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] { CanonicalForms.composed(text) }
}

/// Unicode normalization form D.
struct NFDNormalizer: Normalizer {
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] { CanonicalForms.decomposed(text) }
}

/// Each character's own lowercase, whatever stands around it: a final sigma is like any other.
struct LowercaseNormalizer: Normalizer {
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            if scalar.value < 0x80 {
                let isUppercase = (0x41...0x5A).contains(scalar.value)
                result.append(isUppercase ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar)
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return result
    }
}

/// Replaces every match of a pattern.
struct ReplaceNormalizer: Normalizer {
    var pattern: TextPattern
    var replacement: [Unicode.Scalar]

    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        pattern.forEachPart(of: text[...]) { part, matches in
            if matches { result.append(contentsOf: replacement) } else { result.append(contentsOf: part) }
        }
        return result
    }
}

/// Takes space away from the ends of the text.
struct StripNormalizer: Normalizer {
    var left: Bool
    var right: Bool

    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var rest = text[...]
        if left { rest = rest.drop(while: \.isSpace) }
        if right { while rest.last?.isSpace == true { rest.removeLast() } }
        return Array(rest)
    }
}
