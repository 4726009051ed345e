/// Tells stretches where there is nothing to hear, so that they cost nothing and nothing is invented for them.
package enum Silence {
    /// 20 ms of samples.
    private static let frame = 320
    /// The energy of a frame at 60 dB below full scale: 30 dB above the noise of 16-bit samples, and far below speech that
    /// can be understood.
    private static let threshold = Float(frame) * 1e-6

    /// How many samples pass before the first sound.
    package static func length(_ samples: some RandomAccessCollection<Float>) -> Int {
        var start = samples.startIndex
        while start < samples.endIndex {
            let end = samples.index(start, offsetBy: frame, limitedBy: samples.endIndex) ?? samples.endIndex
            let energy = samples[start..<end].reduce(0) { $0 + $1 * $1 }
            if energy >= threshold { break }
            start = end
        }
        return samples.distance(from: samples.startIndex, to: start)
    }
}
