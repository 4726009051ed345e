/// Rows of tokens that are continued side by side. Those that have a beginning in common share it, so that a row is
/// continued without copying it.
struct Hypotheses {
    /// A row.
    struct Row {
        /// The place of its last token; `nil` before the first.
        fileprivate(set) var last: Int?
        private(set) var length = 0
        /// The sum of its tokens' logprobs.
        private(set) var sum: Float = 0
        fileprivate(set) var history = TokenRules.History()

        /// Longer by a token.
        fileprivate func continued(at place: Int, by choice: TokenChoices.Choice, history: TokenRules.History) -> Row {
            var row = self
            row.last = place
            row.length += 1
            row.sum += choice.logprob
            row.history = history
            return row
        }
    }

    private var choices: [TokenChoices.Choice] = []
    private var previous: [Int?] = []
    private let rules: TokenRules

    init(rules: TokenRules) {
        self.rules = rules
        choices.reserveCapacity(2048)
        previous.reserveCapacity(2048)
    }

    mutating func extend(_ row: Row, by choice: TokenChoices.Choice) -> Row {
        choices.append(choice)
        previous.append(row.last)
        return row.continued(
            at: choices.count - 1, by: choice, history: rules.history(row.history, then: choice.token))
    }

    func choices(of row: Row) -> [TokenChoices.Choice] {
        var found: [TokenChoices.Choice] = []
        var place = row.last
        while let index = place {
            found.append(choices[index])
            place = previous[index]
        }
        return found.reversed()
    }
}
