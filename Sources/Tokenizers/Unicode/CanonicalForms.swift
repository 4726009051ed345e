/// Unicode's canonical normalization forms (The Unicode Standard, section 3.11 and 3.12).
///
/// Foundation's own take time in the square of a run of combining marks, and leave some Hangul uncomposed.
package enum CanonicalForms {
    /// Normalization form D.
    ///
    /// - Complexity: O(*n* log *n*)
    package static func decomposed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains(where: { $0.value >= 0xC0 }) else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count + text.count / 4)
        for scalar in text { appendDecomposition(of: scalar, to: &result) }
        putMarksInOrder(&result)
        return result
    }

    /// Normalization form C.
    ///
    /// - Complexity: O(*n* log *n*)
    package static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Nothing below U+0300 composes with what comes before it, or decomposes into what does not compose again.
        guard text.contains(where: { $0.value >= 0x300 }) else { return text }
        return composing(decomposed(text))
    }

    private static func appendDecomposition(of scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        if scalar.value < 0xC0 {
            result.append(scalar)
        } else if Hangul.isSyllable(scalar) {
            Hangul.appendDecomposition(of: scalar, to: &result)
        } else if let step = CanonicalDecompositions.table.step(of: scalar) {
            appendDecomposition(of: step.first, to: &result)
            if let second = step.second { appendDecomposition(of: second, to: &result) }
        } else {
            result.append(scalar)
        }
    }

    /// The canonical ordering algorithm: runs of marks are sorted by combining class, equal ones stay in their order.
    private static func putMarksInOrder(_ text: inout [Unicode.Scalar]) {
        var start = 0
        while start < text.count {
            guard text[start].combiningClass != 0 else {
                start += 1
                continue
            }
            var marks: [(combiningClass: UInt8, place: Int, scalar: Unicode.Scalar)] = []
            var end = start
            while end < text.count, case let combiningClass = text[end].combiningClass, combiningClass != 0 {
                marks.append((combiningClass, end, text[end]))
                end += 1
            }
            if marks.count > 1 {
                marks.sort { ($0.combiningClass, $0.place) < ($1.combiningClass, $1.place) }
                for (offset, mark) in marks.enumerated() { text[start + offset] = mark.scalar }
            }
            start = end
        }
    }

    /// The canonical composition algorithm over decomposed text.
    private static func composing(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        /// Where the last starter is; marks after it may compose with it.
        var starter: Int?
        /// The combining class of the last character that stayed behind the starter.
        var last: UInt8 = 0
        for scalar in text {
            let combiningClass = scalar.combiningClass
            if let place = starter {
                let adjacent = place == result.count - 1
                // A character is blocked by one of its own class or a higher one between it and the starter.
                if adjacent || last < combiningClass, let composite = composite(result[place], scalar) {
                    result[place] = composite
                    continue
                }
            }
            if combiningClass == 0 { starter = result.count }
            last = combiningClass
            result.append(scalar)
        }
        return result
    }

    private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        Hangul.composite(first, second) ?? CanonicalDecompositions.table.composite(first, second)
    }
}
