/// The model's scores for each token of the vocabulary, as one evaluation gave them.
///
/// A view: the memory is the engine's and holds until the next evaluation. Passes over it run 16 lanes at a time.
package struct Logits {
    let values: UnsafeMutableBufferPointer<Float>

    package init(_ values: UnsafeMutableBufferPointer<Float>) {
        self.values = values
    }

    package var count: Int { values.count }

    subscript(token: Int) -> Float {
        get { values[token] }
        nonmutating set { values[token] = newValue }
    }

    /// Calls `body` with each group of 16 and its start; the last group is filled up with −∞.
    @inline(__always)
    func forEachGroup(in range: Range<Int>, _ body: (Int, SIMD16<Float>) -> Void) {
        guard let base = values.baseAddress else { return }
        let raw = UnsafeRawPointer(base)
        var start = range.lowerBound
        while start + 16 <= range.upperBound {
            body(start, raw.loadUnaligned(fromByteOffset: start * 4, as: SIMD16<Float>.self))
            start += 16
        }
        if start < range.upperBound {
            var rest = SIMD16<Float>(repeating: -.infinity)
            for lane in 0..<(range.upperBound - start) { rest[lane] = base[start + lane] }
            body(start, rest)
        }
    }

    /// The largest value; −∞ where there is none. A NaN compares with nothing, so it is passed over.
    func maximum() -> Float {
        var largest = SIMD16<Float>(repeating: -.infinity)
        forEachGroup(in: 0..<count) { _, group in largest.replace(with: group, where: group .> largest) }
        return largest.max()
    }

    /// The token with the largest value, the first of equals; `nil` where no value is finite.
    func mostLikely() -> Int32? {
        let largest = maximum()
        guard largest.isFinite else { return nil }
        var found = -1
        var start = 0
        while found < 0, start < count {
            let end = min(start + 1024, count)
            forEachGroup(in: start..<end) { offset, group in
                guard found < 0, any(group .== largest) else { return }
                for lane in 0..<16 where group[lane] == largest {
                    found = offset + lane
                    return
                }
            }
            start = end
        }
        return found < 0 ? nil : Int32(found)
    }
}
