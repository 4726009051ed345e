import LlamaEngine
import Testing

@Suite("PooledPieces")
struct PooledPiecesTests {
    /// States of seven tokens, and the means of their pieces of three, three and one, by hand.
    private static let states: [[Float]] = [[1, 0], [2, 0], [3, 6], [4, 2], [5, 2], [6, 2], [7, -5]]
    private static let pieces: [(mean: [Float], first: [Float], last: [Float], length: Int)] = [
        ([2, 2], [1, 0], [3, 6], 3), ([5, 2], [4, 2], [6, 2], 3), ([7, -5], [7, -5], [7, -5], 1),
    ]

    @Test("The mean of pieces is the mean of all tokens")
    func mean() {
        var pooled = PooledPieces(.mean, textLength: 7, dimensions: 2)
        for piece in Self.pieces { pooled.add(piece.mean, length: piece.length) }
        // (1 + … + 7) / 7 and (0 + 0 + 6 + 2 + 2 + 2 − 5) / 7.
        #expect(abs(pooled.vector[0] - 4) < 1e-6)
        #expect(abs(pooled.vector[1] - 1) < 1e-6)
    }

    @Test("The first token is the first piece's")
    func first() {
        var pooled = PooledPieces(.first, textLength: 7, dimensions: 2)
        for piece in Self.pieces { pooled.add(piece.first, length: piece.length) }
        #expect(pooled.vector == Self.states[0])
    }

    @Test("The last token is the last piece's")
    func last() {
        var pooled = PooledPieces(.last, textLength: 7, dimensions: 2)
        for piece in Self.pieces { pooled.add(piece.last, length: piece.length) }
        #expect(pooled.vector == Self.states[6])
    }
}
