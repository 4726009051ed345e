/// Rows under headings, as wide as their contents and no wider than the terminal.
public struct Table {
    private static let gap = 2
    /// The last column is not made narrower than this while others can give way.
    private static let leastLast = 20
    private static let least = 6

    private let rows: [[String]]
    private let rightAligned: Set<Int>
    private let whole: Set<Int>
    private let wraps: Bool

    /// - Parameters:
    ///   - rightAligned: columns of numbers, counted from 0; they are never shortened.
    ///   - whole: columns of names that are to be typed; they are shortened last.
    ///   - wraps: whether the last column goes on below where it is too wide, or is shortened.
    public init(
        _ headings: [String], _ rows: [[String]], rightAligned: Set<Int> = [], whole: Set<Int> = [], wraps: Bool = true
    ) {
        self.rows = [headings] + rows
        self.rightAligned = rightAligned
        self.whole = whole
        self.wraps = wraps
    }

    /// On a terminal no line is longer than it; what is piped is never cut.
    public func write(to terminal: Terminal) {
        let lines = lines(
            within: terminal.isInteractive ? terminal.width - 1 : nil, style: terminal.style,
            ellipsis: terminal.isUnicode ? "…" : "...")
        terminal.write(lines.map { $0 + "\n" }.joined())
    }

    /// The lines, the headings first.
    ///
    /// - Parameter width: columns that there are; `nil` is no limit.
    package func lines(within width: Int? = nil, style: Style = .plain, ellipsis: String = "...") -> [String] {
        let widths = columnWidths(within: width)
        return rows.enumerated().flatMap { index, row in
            lines(of: row, widths, isBounded: width != nil, ellipsis).map { index == 0 ? style.heading($0) : $0 }
        }
    }

    private func lines(of row: [String], _ widths: [Int], isBounded: Bool, _ ellipsis: String) -> [String] {
        let last = row.count - 1
        let head = (0..<last).map { column in
            aligned(row[column].shortened(to: widths[column], ellipsis: ellipsis), column, widths)
                + String(repeating: " ", count: Self.gap)
        }.joined()
        let margin = String(repeating: " ", count: head.displayWidth)
        let parts: [String]
        if !isBounded {
            parts = [row[last]]
        } else if wraps {
            parts = row[last].wrapped(to: widths[last])
        } else {
            parts = [row[last].shortened(to: widths[last], ellipsis: ellipsis)]
        }
        return parts.enumerated().map { index, part in
            let line = (index == 0 ? head : margin) + aligned(part, last, widths)
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private func aligned(_ cell: String, _ column: Int, _ widths: [Int]) -> String {
        rightAligned.contains(column) ? cell.rightAligned(to: widths[column]) : cell.padded(to: widths[column])
    }

    private func columnWidths(within width: Int?) -> [Int] {
        var widths = rows[0].indices.map { column in rows.map { $0[column].displayWidth }.max() ?? 0 }
        guard let width else { return widths }
        let last = widths.count - 1
        func excess() -> Int { widths.reduce(-Self.gap) { $0 + $1 + Self.gap } - width }
        /// Takes from the widest of some columns, one by one, down to a width.
        func shrink(_ columns: [Int], to least: Int) {
            while excess() > 0, let widest = columns.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
                widths[widest] -= 1
            }
        }
        let others = widths.indices.dropLast().filter { !rightAligned.contains($0) }
        // A last column of numbers has nowhere to break.
        if !rightAligned.contains(last) { shrink([last], to: Self.leastLast) }
        shrink(others.filter { !whole.contains($0) }, to: Self.least)
        if !rightAligned.contains(last) { shrink([last], to: Self.least) }
        shrink(others, to: Self.least)
        return widths
    }
}
