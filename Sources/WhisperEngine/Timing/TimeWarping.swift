/// Dynamic time warping: the cheapest way through a matrix from its first corner to its last, one step down, right, or both.
///
/// H. Sakoe, S. Chiba: Dynamic programming algorithm optimization for spoken word recognition, 1978.
package enum TimeWarping {
    /// - Parameter cost: rows × columns numbers, neither 0.
    /// - Returns: for each row the first column that the way passes in it.
    package static func firstColumns(_ cost: [Float], rows: Int, columns: Int) -> [Int] {
        precondition(rows > 0 && columns > 0 && cost.count == rows * columns, "a matrix")
        var steps = [Step](repeating: .right, count: rows * columns)
        var above = [Float](repeating: .infinity, count: columns + 1)
        above[0] = 0
        for row in 0..<rows {
            var (left, diagonal) = (Float.infinity, above[0])
            above[0] = .infinity
            for column in 0..<columns {
                let up = above[column + 1]
                let step: Step = diagonal < up && diagonal < left ? .both : up < diagonal && up < left ? .down : .right
                let before = step == .both ? diagonal : step == .down ? up : left
                steps[row * columns + column] = step
                left = cost[row * columns + column] + before
                diagonal = up
                above[column + 1] = left
            }
        }
        return walkBack(steps, rows: rows, columns: columns)
    }

    private enum Step: UInt8 {
        case both, down, right
    }

    private static func walkBack(_ steps: [Step], rows: Int, columns: Int) -> [Int] {
        var first = [Int](repeating: 0, count: rows)
        var (row, column) = (rows - 1, columns - 1)
        while row >= 0 {
            first[row] = column
            let step: Step = row == 0 ? .right : column == 0 ? .down : steps[row * columns + column]
            if step != .right { row -= 1 }
            if step != .down { column -= 1 }
            if column < 0 { break }
        }
        return first
    }
}
