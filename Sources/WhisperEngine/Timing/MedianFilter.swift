/// The median of each number and three on either side, the row mirrored at its ends.
package enum MedianFilter {
    private typealias Lanes = SIMD8<Float>

    /// Numbers on either side.
    private static let reach = 3

    /// Exchanges that sort seven numbers as far as the middle one is in its place.
    ///
    /// J. Devillard: Fast median search, 1998 (the network of 13 exchanges for seven).
    private static let exchanges = [
        (0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4),
    ]

    /// Filters a row in place. Rows of no more than three numbers stay as they are.
    ///
    /// - Parameter padded: scratch memory.
    package static func apply(_ row: UnsafeMutableBufferPointer<Float>, padded: inout [Float]) {
        let count = row.count
        guard count > reach else { return }
        padded.removeAll(keepingCapacity: true)
        padded += (0..<reach).map { row[reach - $0] }
        padded += row
        padded += (0..<reach).map { row[count - 2 - $0] }
        // The last vector reads beyond what it writes.
        padded += [Float](repeating: 0, count: Lanes.scalarCount)
        padded.withUnsafeBytes { padded in
            for start in stride(from: 0, to: count, by: Lanes.scalarCount) {
                let median = median { padded.loadUnaligned(fromByteOffset: 4 * (start + $0), as: Lanes.self) }
                for lane in 0..<min(Lanes.scalarCount, count - start) { row[start + lane] = median[lane] }
            }
        }
    }

    @inline(__always)
    private static func median(_ load: (Int) -> Lanes) -> Lanes {
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * reach + 1) { values in
            for index in values.indices { values.initializeElement(at: index, to: load(index)) }
            for (low, high) in exchanges {
                let (a, b) = (values[low], values[high])
                // `pointwiseMin` takes one lane after another.
                values[low] = a.replacing(with: b, where: b .< a)
                values[high] = b.replacing(with: a, where: b .< a)
            }
            return values[reach]
        }
    }
}
