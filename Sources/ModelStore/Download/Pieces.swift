/// Which bytes of a file are here. The file is cut into pieces of one size, each of which grows from its start, so that
/// several connections can bring it, and what is here can be written down in one number a piece.
struct Pieces: Sendable, Equatable {
    /// Bytes of the whole file; `nil` where nobody knows: then there is one piece without an end.
    let total: Int?
    /// Bytes of each piece but the last.
    let size: Int
    /// Of each piece, the bytes that are here.
    private(set) var here: [Int]
    private var taken: Set<Int> = []

    /// - Parameter size: `nil` makes the whole file one piece.
    init(total: Int?, size: Int? = nil) {
        self.total = total
        self.size = max(1, size ?? total ?? .max)
        let size = self.size
        here = Array(repeating: 0, count: total.map { max(0, $0 - 1) / size + 1 } ?? 1)
    }

    /// The size of pieces that keeps so many connections at work to the end, without asking all too often.
    static func size(total: Int, connections: Int, smallest: Int) -> Int {
        guard connections > 1, total > smallest else { return max(1, total) }
        let share = total / (connections * 4)
        return min(max(share, smallest), max(smallest, 64 << 20))
    }

    var bytes: Int { here.reduce(0, +) }
    var isComplete: Bool { total.map { $0 == bytes } ?? false }

    /// Where the first byte that is not here would be: all before it is.
    var front: Int {
        guard let hole = here.indices.first(where: { here[$0] < bounds(of: $0).count }) else { return bytes }
        return hole * size + here[hole]
    }

    /// What of a piece is not here.
    func missing(of piece: Int) -> Range<Int> {
        let bounds = bounds(of: piece)
        return (bounds.lowerBound + here[piece])..<bounds.upperBound
    }

    private func bounds(of piece: Int) -> Range<Int> {
        let start = piece * size
        guard let total else { return start..<Int.max }
        return start..<min(total, start + min(size, total - start))
    }

    /// The first piece that is not whole and that nobody fetches now, for the caller to fetch.
    mutating func take() -> Int? {
        let piece = here.indices.first { !taken.contains($0) && !missing(of: $0).isEmpty }
        if let piece { taken.insert(piece) }
        return piece
    }

    mutating func release(_ piece: Int) {
        taken.remove(piece)
    }

    mutating func add(_ count: Int, to piece: Int) {
        precondition(count <= missing(of: piece).count, "More bytes than the piece has.")
        here[piece] += count
    }

    /// Takes over what an earlier record says is here, as far as it can be so in a file of this length.
    mutating func restore(_ counts: [Int], fileBytes: Int) {
        for piece in here.indices where piece < counts.count {
            let bounds = bounds(of: piece)
            here[piece] = max(0, min(counts[piece], bounds.count, fileBytes - bounds.lowerBound))
        }
    }
}
