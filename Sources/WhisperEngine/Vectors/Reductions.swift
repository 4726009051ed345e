import Foundation

extension UnsafeMutableBufferPointer<Float> {
    private typealias Lanes = SIMD8<Float>

    /// The largest number of a range; −∞ of an empty one.
    func maximum(of range: Range<Int>) -> Float {
        var lanes = Lanes(repeating: -.infinity)
        var index = range.lowerBound
        while index + Lanes.scalarCount <= range.upperBound {
            let values = vector(at: index)
            lanes.replace(with: values, where: values .> lanes)
            index += Lanes.scalarCount
        }
        return self[index..<range.upperBound].reduce(lanes.max()) { Swift.max($0, $1) }
    }

    /// The sum of e to the power of each number of a range less `shift`, which is at least the largest of them, times `rate`.
    func sumOfExponentials(of range: Range<Int>, less shift: Float, times rate: Float = 1) -> Float {
        var lanes = Lanes.zero
        var index = range.lowerBound
        while index + Lanes.scalarCount <= range.upperBound {
            lanes += exponential((vector(at: index) - shift) * rate)
            index += Lanes.scalarCount
        }
        return self[index..<range.upperBound].reduce(lanes.sum()) { $0 + exp(($1 - shift) * rate) }
    }

    /// The logarithm of the sum of e to the power of each number of a range; −∞ where there is none above that.
    func logOfSumOfExponentials(of range: Range<Int>, maximum: Float) -> Float {
        guard maximum > -.infinity else { return -.infinity }
        return maximum + log(sumOfExponentials(of: range, less: maximum))
    }

    /// Calls for each number above a threshold, which the call may raise.
    ///
    /// - Parameter body: returns the new threshold.
    func forEach(in range: Range<Int>, above threshold: Float, _ body: (_ index: Int, _ value: Float) -> Float) {
        var threshold = threshold
        var index = range.lowerBound
        while index < range.upperBound {
            let isWhole = index + Lanes.scalarCount <= range.upperBound
            let end = isWhole ? index + Lanes.scalarCount : range.upperBound
            if !isWhole || any(vector(at: index) .> threshold) {
                for place in index..<end where self[place] > threshold { threshold = body(place, self[place]) }
            }
            index = end
        }
    }

    @inline(__always)
    private func vector(at index: Int) -> SIMD8<Float> {
        UnsafeRawBufferPointer(self).loadUnaligned(
            fromByteOffset: index * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
    }
}
