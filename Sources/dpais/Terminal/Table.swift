/// Rows under headings, as wide as their contents and no wider than the terminal.
struct Table {
    private let rows: [[String]]

    init(_ headings: [String], _ rows: [[String]]) {
        self.rows = [headings] + rows
    }

    func write(to terminal: Terminal) {
        let columns = rows[0].count
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        // The last column is wrapped where the terminal ends; what is piped is never cut.
        let indent = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        let room = terminal.isInteractive ? max(20, terminal.width - indent) : .max
        for row in rows {
            let head = zip(row, widths).dropLast().map { cell, width in
                cell + String(repeating: " ", count: width - cell.count + 2)
            }.joined()
            let lines = Self.wrap(row[columns - 1], to: room)
            terminal.write(head + lines[0] + "\n")
            for line in lines.dropFirst() { terminal.write(String(repeating: " ", count: indent) + line + "\n") }
        }
    }

    private static func wrap(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = String(word)
            } else if lines[lines.count - 1].count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
