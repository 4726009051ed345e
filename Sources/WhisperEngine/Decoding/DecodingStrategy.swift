/// How the next tokens are picked.
package enum DecodingStrategy: Sendable, Equatable {
    /// The likeliest one.
    case greedy
    /// By beam search: so many rows are kept, those likeliest as a whole, until as many have ended (a patience of 1).
    case beam(size: Int)
    /// Drawn at a temperature; the likeliest of so many rows wins.
    case sampling(temperature: Float, rows: Int)

    /// Rows that are drawn at a temperature.
    private static let candidates = 5

    package init(temperature: Float, beamSize: Int) {
        self =
            if temperature > 0 {
                .sampling(temperature: temperature, rows: Self.candidates)
            } else if beamSize > 1 {
                .beam(size: beamSize)
            } else {
                .greedy
            }
    }

    /// Rows that end before decoding does.
    var rows: Int {
        switch self {
        case .greedy: 1
        case .beam(let size): size
        case .sampling(_, let rows): rows
        }
    }
}
