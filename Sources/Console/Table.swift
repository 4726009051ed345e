/// Rows under headings, as wide as their contents and no wider than the terminal.
public struct Table {
    private let rows: [[String]]
    private let rightAligned: Set<Int>

    /// - Parameter rightAligned: columns of numbers, counted from 0.
    public init(_ headings: [String], _ rows: [[String]], rightAligned: Set<Int> = []) {
        self.rows = [headings] + rows
        self.rightAligned = rightAligned
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
    /// - Parameters:
    ///   - width: columns that there are. Where the table is wider, the last column is wrapped, and then the widest of
    ///     the others are shortened; `nil` is no limit.
    package func lines(within width: Int? = nil, style: Style = .plain, ellipsis: String = "...") -> [String] {
        let widths = columnWidths(within: width)
        let indent = widths.dropLast().reduce(0) { $0 + $1 + Self.gap }
        return rows.enumerated().flatMap { index, row in
            var row = row
            let last = row.removeLast()
            let head = row.enumerated().map { column, cell in
                let cell = cell.shortened(to: widths[column], ellipsis: ellipsis)
                return
                    (rightAligned.contains(column)
                    ? cell.rightAligned(to: widths[column]) : cell.padded(to: widths[column]))
                    + String(repeating: " ", count: Self.gap)
            }.joined()
            let wrapped = width == nil ? [last] : last.wrapped(to: widths[widths.count - 1])
            let aligned =
                rightAligned.contains(widths.count - 1)
                ? wrapped.map { $0.rightAligned(to: widths[widths.count - 1]) } : wrapped
            let lines = [head + aligned[0]] + aligned.dropFirst().map { String(repeating: " ", count: indent) + $0 }
            return lines.map { line in
                let line = String(line.reversed().drop { $0 == " " }.reversed())
                return index == 0 ? style.heading(line) : line
            }
        }
    }

    private static let gap = 2
    /// The last column is not made narrower than this while others can give way.
    private static let leastLast = 20
    private static let least = 6

    private func columnWidths(within width: Int?) -> [Int] {
        var widths = rows[0].indices.map { column in rows.map { $0[column].displayWidth }.max() ?? 0 }
        guard let width else { return widths }
        let last = widths.count - 1
        func excess() -> Int { widths.reduce(-Self.gap) { $0 + $1 + Self.gap } - width }
        // A last column of words is wrapped first; one of numbers has nowhere to break.
        if excess() > 0, !rightAligned.contains(last) {
            widths[last] = max(min(widths[last], Self.leastLast), widths[last] - excess())
        }
        while excess() > 0 {
            let shrinkable = widths.indices.dropLast().filter { !rightAligned.contains($0) && widths[$0] > Self.least }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        if excess() > 0 { widths[last] = max(Self.least, widths[last] - excess()) }
        return widths
    }
}
