import Foundation

/// When each word of a window is spoken, by what the model listened to while it wrote it.
///
/// A. Radford et al.: Robust Speech Recognition via Large-Scale Weak Supervision, 2022, section 4.5 (alignment heads,
/// normalised, smoothed by a median filter, dynamic time warping); the details as in the authors' program.
package struct WordTimer {
    /// A word of the window. Times are seconds from the window's beginning.
    package struct Word: Equatable {
        package var text: String
        package var tokens: Int
        package var start: Double
        package var end: Double
        /// The mean over its tokens.
        package var probability: Float

        package init(text: String, tokens: Int, start: Double, end: Double, probability: Float) {
            self.text = text
            self.tokens = tokens
            self.start = start
            self.end = end
            self.probability = probability
        }
    }

    private let model: any SpeechModel
    private let words: TokenWords
    private let beginning: [Int32]

    /// Positions a second.
    private static let positionsPerSecond = 50.0

    /// - Parameter beginning: the tokens that begin a transcription.
    package init(_ model: any SpeechModel, _ text: WhisperText, language: String, beginning: [Int32]) {
        self.model = model
        words = TokenWords(text, language: language)
        self.beginning = beginning
    }

    /// - Parameters:
    ///   - choices: tokens of text alone.
    ///   - frames: of 10 ms that the window holds.
    package func words(of choices: [TokenChoices.Choice], frames: Int) throws -> [Word] {
        let text = choices.map(\.token)
        guard !text.isEmpty else { return [] }
        let tokens = model.settings.tokens
        let weights = try model.attention(beginning + [tokens.noTimestamps] + text + [tokens.endOfText])
        let positions = min(max(1, frames / 2), weights.positions)
        // Of the beginning's tokens only the last counts: the way through the matrix starts there. The end's has none.
        let rows = beginning.count..<beginning.count + 1 + text.count
        let matrix = Self.meanWeights(weights, positions: positions, rows: rows)
        let first = TimeWarping.firstColumns(matrix.map { -$0 }, rows: rows.count, columns: positions)
        return timed(words.words(of: text), choices, first.map { Double($0) / Self.positionsPerSecond })
    }

    /// - Parameter times: where each token begins, and where the last one ends.
    private func timed(_ words: [TokenWords.Word], _ choices: [TokenChoices.Choice], _ times: [Double]) -> [Word] {
        var place = 0
        return words.map { word in
            defer { place += word.tokens }
            let probabilities = choices[place..<place + word.tokens].map { exp($0.logprob) }
            return Word(
                text: word.text, tokens: word.tokens, start: times[place], end: times[place + word.tokens],
                probability: probabilities.reduce(0, +) / Float(word.tokens))
        }
    }

    /// The mean over heads of the weights: each token's made to add up to 1 over the window, each position's held against
    /// its mean and deviation over the tokens, and smoothed in time.
    ///
    /// - Returns: tokens × positions.
    package static func meanWeights(_ weights: AttentionWeights, positions: Int, rows: Range<Int>) -> [Float] {
        var mean = [Float](repeating: 0, count: rows.count * positions)
        var head = [Float](repeating: 0, count: weights.tokens * positions)
        var padded: [Float] = []
        for index in 0..<weights.heads {
            let from = index * weights.tokens * weights.positions
            for token in 0..<weights.tokens {
                let row = weights.values[
                    from + token * weights.positions..<from + token * weights.positions + positions]
                let scale = 1 / max(row.reduce(0, +), .leastNormalMagnitude)
                for (position, weight) in row.enumerated() { head[token * positions + position] = weight * scale }
            }
            normalize(&head, tokens: weights.tokens, positions: positions)
            head.withUnsafeMutableBufferPointer { head in
                for (place, token) in rows.enumerated() {
                    let row = UnsafeMutableBufferPointer(rebasing: head[token * positions..<(token + 1) * positions])
                    MedianFilter.apply(row, padded: &padded)
                    for position in 0..<positions {
                        mean[place * positions + position] += row[position] / Float(weights.heads)
                    }
                }
            }
        }
        return mean
    }

    private static func normalize(_ head: inout [Float], tokens: Int, positions: Int) {
        var sums = [Float](repeating: 0, count: positions)
        var squares = sums
        for token in 0..<tokens {
            for position in 0..<positions { sums[position] += head[token * positions + position] }
        }
        for position in 0..<positions { sums[position] /= Float(tokens) }
        for token in 0..<tokens {
            for position in 0..<positions {
                let less = head[token * positions + position] - sums[position]
                head[token * positions + position] = less
                squares[position] += less * less
            }
        }
        // Where all listen alike, only what rounding leaves is told apart.
        let scales = squares.map { 1 / max(($0 / Float(tokens)).squareRoot(), 1e-9) }
        for token in 0..<tokens {
            for position in 0..<positions { head[token * positions + position] *= scales[position] }
        }
    }
}
