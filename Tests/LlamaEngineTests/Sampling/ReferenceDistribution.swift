import Foundation
import Inference

/// The distribution that ``SamplingParameters`` describe, computed the plain way: doubles, sorting, sums.
struct ReferenceDistribution {
    /// The probability of every token; 0 for those that were dropped.
    var probabilities: [Double]

    /// - Parameter slack: added to top-p and taken off min-p, to see what rounding could let through.
    init(_ logits: [Float], _ parameters: SamplingParameters, slack: Double = 0) {
        let scaled = logits.map { Double($0) / Double(parameters.temperature) }
        let largest = scaled.max() ?? 0
        let weights = scaled.map { exp($0 - largest) }
        let total = weights.reduce(0, +)

        var kept = logits.indices.map { (token: $0, share: weights[$0] / total) }
        let likeliest = 1 / total
        kept.removeAll { $0.share < (Double(parameters.minP) - slack) * likeliest }
        kept.sort { ($1.share, $0.token) < ($0.share, $1.token) }
        if parameters.topK > 0 { kept.removeLast(max(0, kept.count - parameters.topK)) }
        if parameters.topP < 1 {
            let left = kept.map(\.share).reduce(0, +)
            var sum = 0.0
            var count = 0
            while count < kept.count, count == 0 || sum < (Double(parameters.topP) + slack) * left {
                sum += kept[count].share
                count += 1
            }
            kept.removeLast(kept.count - count)
        }
        let left = kept.map(\.share).reduce(0, +)
        probabilities = [Double](repeating: 0, count: logits.count)
        for (token, share) in kept { probabilities[token] = share / left }
    }

    /// Pearson's statistic of these counts and the bound that it stays below in all but one of some million cases.
    /// Tokens expected fewer than 5 times are counted together.
    func chiSquare(of counts: [Int]) -> (statistic: Double, bound: Double) {
        let draws = Double(counts.reduce(0, +))
        var (statistic, bins) = (0.0, 0)
        var rare = (expected: 0.0, seen: 0.0)
        for (probability, count) in zip(probabilities, counts) {
            let expected = probability * draws
            if expected < 5 {
                rare.expected += expected
                rare.seen += Double(count)
            } else {
                statistic += (Double(count) - expected) * (Double(count) - expected) / expected
                bins += 1
            }
        }
        if rare.expected > 0 || rare.seen > 0 {
            let expected = max(rare.expected, 0.5)
            statistic += (rare.seen - rare.expected) * (rare.seen - rare.expected) / expected
            bins += 1
        }
        // The Wilson–Hilferty approximation of the quantile, at 5 standard deviations.
        let freedom = Double(max(1, bins - 1))
        let root = 1 - 2 / (9 * freedom) + 5 * (2 / (9 * freedom)).squareRoot()
        return (statistic, freedom * root * root * root)
    }
}
