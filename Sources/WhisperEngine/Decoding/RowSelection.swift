/// The rows that are being continued, and those that have ended.
struct RowSelection {
    /// Those to be continued by ``tokens``, each from the row of the last step that ``order`` names.
    private(set) var rows: [Hypotheses.Row] = []
    private(set) var tokens: [Int32] = []
    private(set) var order: [Int32] = []

    private let strategy: DecodingStrategy
    private let endOfText: Int32
    private var ended: [Hypotheses.Row] = []
    private var choices: [TokenChoices.Choice] = []
    private var candidates: [Candidate] = []

    private struct Candidate {
        var row: Int
        var choice: TokenChoices.Choice
        var sum: Float
    }

    init(_ strategy: DecodingStrategy, endOfText: Int32) {
        self.strategy = strategy
        self.endOfText = endOfText
    }

    /// Whether no row is left to continue, or enough have ended.
    var isDone: Bool { rows.isEmpty || ended.count >= strategy.rows }

    /// The likeliest row by the mean of its tokens' logprobs, the end not counted. Rows that have not ended come in where
    /// too few have.
    var best: Hypotheses.Row? {
        let running = rows.sorted { $0.sum > $1.sum }.prefix(max(0, strategy.rows - ended.count))
        return (ended.map { ($0, $0.length - 1) } + running.map { ($0, $0.length) })
            .max { $0.0.sum / Float(max(1, $0.1)) < $1.0.sum / Float(max(1, $1.1)) }?.0
    }

    /// Picks what comes next.
    ///
    /// - Parameters:
    ///   - logits: of each of the rows, row after row. A single first row becomes as many as the strategy asks for.
    mutating func advance(
        _ from: [Hypotheses.Row], _ logits: UnsafeMutableBufferPointer<Float>, _ rules: TokenRules,
        _ hypotheses: inout Hypotheses, using random: inout SplitMix
    ) {
        rows.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        candidates.removeAll(keepingCapacity: true)
        let width = logits.count / from.count
        for (index, row) in from.enumerated() {
            let part = UnsafeMutableBufferPointer(rebasing: logits[index * width..<(index + 1) * width])
            gather(rules.choices(part, after: row.history), of: row, index, using: &random)
        }
        if case .beam = strategy { candidates.sort { $0.sum > $1.sum } }
        for candidate in candidates {
            keep(candidate, from[candidate.row], &hypotheses)
            if case .beam(let size) = strategy, rows.count == size { break }
        }
    }

    private mutating func gather(
        _ allowed: TokenChoices, of row: Hypotheses.Row, _ index: Int, using random: inout SplitMix
    ) {
        switch strategy {
        case .greedy:
            choices.removeAll(keepingCapacity: true)
            if let best = allowed.best { choices.append(best) }
        case .beam(let size):
            // One of them may be the end.
            allowed.best(size + 1, into: &choices)
        case .sampling(let temperature, let count):
            choices.removeAll(keepingCapacity: true)
            for _ in 0..<(row.length == 0 ? count : 1) {
                if let drawn = allowed.drawn(temperature: temperature, using: &random) { choices.append(drawn) }
            }
        }
        for choice in choices {
            candidates.append(Candidate(row: index, choice: choice, sum: row.sum + choice.logprob))
        }
    }

    private mutating func keep(_ candidate: Candidate, _ row: Hypotheses.Row, _ hypotheses: inout Hypotheses) {
        let extended = hypotheses.extend(row, by: candidate.choice)
        guard candidate.choice.token != endOfText else {
            if ended.count < strategy.rows { ended.append(extended) }
            return
        }
        rows.append(extended)
        tokens.append(candidate.choice.token)
        order.append(Int32(truncatingIfNeeded: candidate.row))
    }
}
