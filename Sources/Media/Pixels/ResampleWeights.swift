/// Which pixels of a line make each pixel of the line resized, and with which weights.
///
/// The filter is Keys' cubic convolution ("Cubic convolution interpolation for digital image processing", 1981) with
/// a = −0.5. Where the line shrinks the filter widens by the same ratio, which keeps frequencies out that the smaller line
/// cannot hold. Weights are fixed-point numbers, normalised to 1 over the pixels that exist. Pillow's bicubic resizing is
/// defined the same way, to the bit, and what models were trained with.
struct ResampleWeights {
    /// Bits behind the point: 32, less 8 of the pixel and 2 for sums beyond the range, which negative weights make.
    static let fractionBits: Int32 = 22

    /// The first source pixel of each pixel kept.
    private(set) var starts: [Int] = []
    /// How many source pixels each takes.
    private(set) var counts: [Int] = []
    /// `stride` weights for each pixel kept, of which the first `counts` are in use.
    private(set) var weights: [Int32] = []
    let stride: Int

    /// - Parameters:
    ///   - length: of the line, in pixels.
    ///   - resized: the length it gets.
    ///   - kept: the pixels of the line resized that are wanted.
    init(from length: Int, to resized: Int, keeping kept: Range<Int>) {
        let scale = Double(length) / Double(resized)
        let widening = max(scale, 1)
        let support = 2 * widening
        stride = Int(support.rounded(.up)) * 2 + 1
        starts.reserveCapacity(kept.count)
        counts.reserveCapacity(kept.count)
        weights.reserveCapacity(kept.count * stride)
        var line = [Double](repeating: 0, count: stride)
        for pixel in kept {
            let centre = (Double(pixel) + 0.5) * scale
            let start = max(Int(centre - support + 0.5), 0)
            let count = min(Int(centre + support + 0.5), length) - start
            var sum = 0.0
            for index in 0..<count {
                line[index] = Self.cubic((Double(index + start) - centre + 0.5) / widening)
                sum += line[index]
            }
            starts.append(start)
            counts.append(count)
            for index in 0..<stride {
                weights.append(index < count ? Self.fixedPoint(sum == 0 ? line[index] : line[index] / sum) : 0)
            }
        }
    }

    /// The source pixels that are looked at.
    var sources: Range<Int> {
        guard let first = starts.first, let start = starts.last, let count = counts.last else { return 0..<0 }
        return first..<(start + count)
    }

    private static func fixedPoint(_ weight: Double) -> Int32 {
        Int32((weight * Double(1 << fractionBits)).rounded(.toNearestOrAwayFromZero))
    }

    private static func cubic(_ distance: Double) -> Double {
        let a = -0.5
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
