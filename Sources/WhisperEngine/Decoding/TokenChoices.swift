import Foundation

/// The tokens that may come next in a row, and how likely each is. Valid as long as the logits are.
package struct TokenChoices {
    private let logits: UnsafeMutableBufferPointer<Float>
    /// The tokens that are allowed, text and its end first.
    private let ranges: (text: Range<Int>, timestamps: Range<Int>)
    private let maximum: Float
    /// The logarithm of the sum over all that are allowed.
    private let normalizer: Float

    /// Where all timestamps together are likelier than the likeliest text, it is a timestamp's turn.
    package init(_ logits: UnsafeMutableBufferPointer<Float>, text: Range<Int>, timestamps: Range<Int>) {
        self.logits = logits
        let best = (text: logits.maximum(of: text), timestamp: logits.maximum(of: timestamps))
        let timestampSum = logits.logOfSumOfExponentials(of: timestamps, maximum: best.timestamp)
        guard timestampSum <= best.text else {
            ranges = (text.upperBound..<text.upperBound, timestamps)
            (maximum, normalizer) = (best.timestamp, timestampSum)
            return
        }
        ranges = (text, timestamps)
        maximum = max(best.text, best.timestamp)
        normalizer =
            maximum
            + log(
                logits.sumOfExponentials(of: text, less: maximum)
                    + logits.sumOfExponentials(of: timestamps, less: maximum))
    }

    /// A token and the natural logarithm of its probability among those allowed.
    package struct Choice: Sendable, Equatable {
        package var token: Int32
        package var logprob: Float

        package init(token: Int32, logprob: Float) {
            self.token = token
            self.logprob = logprob
        }
    }

    /// The likeliest one; of equals the first. `nil` where the logits are no numbers.
    package var best: Choice? {
        guard normalizer.isFinite else { return nil }
        for range in [ranges.text, ranges.timestamps] {
            var found: Int?
            logits.forEach(in: range, above: maximum.nextDown) { index, _ in
                found = found ?? index
                return .infinity
            }
            if let found { return choice(found) }
        }
        return nil
    }

    /// The likeliest ones, best first; fewer where fewer are allowed.
    package func best(_ count: Int, into choices: inout [Choice]) {
        choices.removeAll(keepingCapacity: true)
        guard normalizer.isFinite, count > 0 else { return }
        for range in [ranges.text, ranges.timestamps] {
            let threshold = choices.count < count ? -Float.infinity : choices[count - 1].logprob
            // Kept as logits until all are found.
            logits.forEach(in: range, above: threshold) { index, value in
                let place = choices.firstIndex { $0.logprob < value } ?? choices.count
                if choices.count == count { choices.removeLast() }
                choices.insert(Choice(token: Int32(truncatingIfNeeded: index), logprob: value), at: place)
                return choices.count < count ? -.infinity : choices[count - 1].logprob
            }
        }
        for index in choices.indices { choices[index].logprob -= normalizer }
    }

    /// One drawn with the probabilities of the logits over a temperature; its logprob is that without one.
    ///
    /// - Parameter temperature: above 0.
    package func drawn(temperature: Float, using random: inout some RandomNumberGenerator) -> Choice? {
        guard normalizer.isFinite else { return nil }
        // Of the smallest temperatures the inverse is infinite, and 0 times that is no number.
        let rate = min(1 / temperature, 1e30)
        let sum = [ranges.text, ranges.timestamps].reduce(Float(0)) {
            $0 + logits.sumOfExponentials(of: $1, less: maximum, times: rate)
        }
        var rest = Float.random(in: 0..<1, using: &random) * sum
        var last: Int?
        for range in [ranges.text, ranges.timestamps] {
            for index in range where logits[index] > -.infinity {
                rest -= exp((logits[index] - maximum) * rate)
                if rest < 0 { return choice(index) }
                last = index
            }
        }
        // Rounding may leave a rest.
        return last.map(choice)
    }

    private func choice(_ index: Int) -> Choice {
        Choice(token: Int32(truncatingIfNeeded: index), logprob: logits[index] - normalizer)
    }
}
