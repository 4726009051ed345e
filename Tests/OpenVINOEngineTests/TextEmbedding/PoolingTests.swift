import OpenVINOEngine
import Testing

@Suite("Pooling")
struct PoolingTests {
    private func pool(_ pooling: Pooling, _ states: [[Float]]) -> [Float] {
        var vector = Array(repeating: Float.nan, count: states[0].count)
        states.flatMap(\.self).withUnsafeBufferPointer { states in
            vector.withUnsafeMutableBufferPointer { pooling.pool(states, into: $0) }
        }
        return vector
    }

    /// Widths below, at and above whole vector registers; the rows are numbered so that each result names its source.
    @Test("each kind of pooling takes what its name says, at any width", arguments: [1, 7, 16, 17, 48, 51])
    func pools(width: Int) {
        let states: [[Float]] = [3, -2, 8, 1].map { row in (0..<width).map { row * Float($0 + 1) } }
        let numbers = (0..<width).map { Float($0 + 1) }
        #expect(pool(.firstToken, states) == numbers.map { 3 * $0 })
        #expect(pool(.lastToken, states) == numbers)
        #expect(pool(.maximum, states) == numbers.map { 8 * $0 })
        // The mean's direction: a sum.
        #expect(pool(.mean, states) == numbers.map { 10 * $0 })
    }

    @Test("one token's state is the vector, whatever the pooling", arguments: Pooling.allCases)
    func poolsOneToken(pooling: Pooling) {
        let state = (0..<20).map { Float($0) - 9.5 }
        #expect(pool(pooling, [state]) == state)
    }
}
