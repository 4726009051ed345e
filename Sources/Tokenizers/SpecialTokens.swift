/// The tokens that a model expects before and behind every text, such as `[CLS]` and `[SEP]`.
struct SpecialTokens: Sendable, Equatable {
    var before: [Int32] = []
    var behind: [Int32] = []

    /// What stands between these, with others around it.
    func inside(_ outer: SpecialTokens) -> SpecialTokens {
        SpecialTokens(before: outer.before + before, behind: behind + outer.behind)
    }

    /// Adds the tokens to each end that lacks them.
    func wrap(_ tokens: [Int32]) -> [Int32] {
        let begins = tokens.starts(with: before)
        // One and the same token cannot stand for both ends.
        let rest = begins ? tokens.dropFirst(before.count) : tokens[...]
        let ends = rest.suffix(behind.count).elementsEqual(behind)
        return (begins ? [] : before) + tokens + (ends ? [] : behind)
    }
}
