/// Which of the known names a mistyped one was meant to be.
public enum Closest {
    /// Names within a third of the typed one's length of edits, or that begin with it, the closest first.
    ///
    /// - Parameter limit: how many at most.
    public static func names(to typed: String, among known: some Sequence<String>, limit: Int = 3) -> [String] {
        let typed = typed.lowercased()
        guard !typed.isEmpty else { return [] }
        let tolerance = max(1, min(4, typed.count / 3))
        let ranked = known.compactMap { name -> (name: String, distance: Int)? in
            let lower = name.lowercased()
            if lower.hasPrefix(typed) { return (name, 0) }
            let distance = distance(typed, lower)
            return distance <= tolerance ? (name, distance) : nil
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    /// `Did you mean 'x' or 'y'?`; `nil` where nothing is close.
    public static func question(for typed: String, among known: some Sequence<String>) -> String? {
        let names = names(to: typed, among: known).map { "'\($0)'" }
        guard let last = names.last else { return nil }
        return "Did you mean " + (names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : ""))
            + "\(last)?"
    }

    /// The least number of insertions, deletions, replacements and swaps of neighbours that make one text the other
    /// (Damerau's distance in its restricted form).
    package static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (row, character) in one.enumerated() {
            var current = [row + 1]
            for (column, candidate) in other.enumerated() {
                var best = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (character == candidate ? 0 : 1))
                if row > 0, column > 0, character == other[column - 1], one[row - 1] == candidate {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
