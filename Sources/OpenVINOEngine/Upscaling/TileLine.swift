/// Cuts one side of a picture into windows of equal length that overlap, each of which is computed on its own.
///
/// Where two windows overlap, the outer `context` pixels of each are thrown away, and over `blend` pixels in the middle
/// the first passes into the second. At the picture's own borders nothing is thrown away: there the network pads, as it
/// does for the whole picture.
///
/// Windows begin at multiples of ``grain``: networks in 16 bits compute so many pixels together, and how a pixel is rounded
/// depends on its place among them, which is the same in every window then.
package struct TileLine: Sendable, Equatable {
    /// Pixels of each window.
    package let window: Int
    /// Where each window begins.
    package let starts: [Int]
    /// What of each window reaches the result, with the pixels that are blended.
    package let kept: [Range<Int>]
    /// Pixels over which neighbours are blended.
    package let blend: Int

    /// A multiple of the rows and of the columns that kernels compute together (`CHalf`).
    private static let grain = 4

    /// - Parameters:
    ///   - length: of the side, at least 1.
    ///   - maximum: the longest window; by 8 pixels and more longer than what two windows have to overlap by.
    ///   - context: pixels that are thrown away at an inner end of a window.
    package init(length: Int, maximum: Int, context: Int, blend: Int) {
        let overlap = 2 * context + blend
        precondition(
            length >= 1 && context >= 0 && blend >= 0 && maximum >= overlap + 2 * Self.grain, "windows that advance")
        self.blend = blend
        guard length > maximum else {
            window = length
            starts = [0]
            kept = [0..<length]
            return
        }
        // As few windows as it takes, and those as short as they can be.
        var count = (length - overlap).dividedRoundingUp(by: maximum - overlap)
        var last = Self.lastStart(of: count, length: length, overlap: overlap)
        while length - last > maximum {
            count += 1
            last = Self.lastStart(of: count, length: length, overlap: overlap)
        }
        let window = length - last
        let starts = (0..<count).map { last / Self.grain * $0 / (count - 1) * Self.grain }
        self.window = window
        self.starts = starts
        // The blend lies in the middle of each overlap, which can be larger than it has to be.
        let blends = (1..<count).map { index in
            starts[index] + (starts[index - 1] + window - starts[index] - blend) / 2
        }
        kept = (0..<count).map { index in
            let first = index == 0 ? 0 : blends[index - 1]
            let last = index == count - 1 ? length : blends[index] + blend
            return first..<last
        }
    }

    /// Where the last of some windows begins, the further the shorter all are: what they advance by and what they overlap
    /// by is their length.
    private static func lastStart(of count: Int, length: Int, overlap: Int) -> Int {
        var grains = (length - overlap) * (count - 1) / count / grain
        while length - grains * grain < overlap + grains.dividedRoundingUp(by: count - 1) * grain { grains -= 1 }
        return grains * grain
    }

    /// The pixels of a window.
    package func range(_ index: Int) -> Range<Int> { starts[index]..<(starts[index] + window) }
}

extension Int {
    fileprivate func dividedRoundingUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
