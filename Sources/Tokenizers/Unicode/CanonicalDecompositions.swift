/// The canonical decompositions of Unicode, and the compositions that undo them.
struct CanonicalDecompositions: Sendable {
    static let table = CanonicalDecompositions(parsing: data)

    /// Characters with a decomposition, ascending; those of page *p* (256 scalars) are at `pages[p]..<pages[p + 1]`.
    private var scalars: [Unicode.Scalar] = []
    /// One step of decomposition: a scalar, and maybe a second.
    private var steps: [(first: Unicode.Scalar, second: Unicode.Scalar?)] = []
    private var pages: [UInt16] = []
    private var compositions = ScalarMap(minimumCapacity: 1024)

    /// - Parameter data: `composite=first` or `composite=first+second`, in hexadecimal, ascending, separated by space.
    private init(parsing data: String) {
        for entry in data.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
            let numbers = entry.split(whereSeparator: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "+") })
                .compactMap { UInt32(Substring($0), radix: 16).flatMap(Unicode.Scalar.init) }
            // The reference's table is of Unicode 9.
            guard numbers.count >= 2, numbers[0].exists(in: 9) else { continue }
            append(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : nil)
        }
        while pages.count <= Self.pageCount { pages.append(UInt16(scalars.count)) }
    }

    private static let pageCount = 0x110000 >> 8

    private static func page(of scalar: Unicode.Scalar) -> Int { Int(scalar.value >> 8) }

    private mutating func append(_ scalar: Unicode.Scalar, _ first: Unicode.Scalar, _ second: Unicode.Scalar?) {
        while pages.count <= Self.page(of: scalar) { pages.append(UInt16(scalars.count)) }
        scalars.append(scalar)
        steps.append((first, second))
        if let second, !scalar.properties.isFullCompositionExclusion {
            compositions.set(ScalarMap.key(first.value, second.value), scalar.value)
        }
    }

    /// One step of a character's decomposition; `nil` where it has none. Not for Hangul syllables.
    func step(of scalar: Unicode.Scalar) -> (first: Unicode.Scalar, second: Unicode.Scalar?)? {
        let page = Self.page(of: scalar)
        var low = Int(pages[page])
        var high = Int(pages[page + 1])
        while low < high {
            let middle = (low + high) / 2
            if scalars[middle] < scalar { low = middle + 1 } else { high = middle }
        }
        guard low < Int(pages[page + 1]), scalars[low] == scalar else { return nil }
        return steps[low]
    }

    /// The primary composite of two characters; `nil` where there is none. Not for Hangul.
    func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        compositions[ScalarMap.key(first.value, second.value)].flatMap(Unicode.Scalar.init)
    }
}
