/// What a person answered who was shown a numbered list.
public enum Choice: Sendable, Equatable {
    /// One of the list, counted from 0.
    case item(Int)
    case none
    /// Nothing of the list; the text says why.
    case unclear(String)

    /// - Parameters:
    ///   - names: the list's, in its order.
    ///   - standard: what an empty answer means, counted from 0.
    public init(_ answer: some StringProtocol, among names: [String], standard: Int? = nil) {
        let text = answer.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
        if text.isEmpty {
            self = standard.map(Choice.item) ?? .none
        } else if ["n", "no", "none", "q", "quit"].contains(text) {
            self = .none
        } else if let number = Int(text) {
            self = names.indices.contains(number - 1) ? .item(number - 1) : .unclear("There are 1 to \(names.count).")
        } else if let index = names.firstIndex(where: { $0.lowercased() == text }) {
            self = .item(index)
        } else {
            let question = Closest.question(for: text, among: names).map { " " + $0 } ?? ""
            self = .unclear("'\(text)' is not in the list.\(question)")
        }
    }
}
