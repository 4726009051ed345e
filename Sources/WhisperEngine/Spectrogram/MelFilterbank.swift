import Foundation

/// Triangular filters that gather a power spectrum into bands as wide as the ear takes them.
///
/// The scale is that of M. Slaney's Auditory Toolbox (1998), as librosa has it: linear up to 1 kHz, logarithmic above, each
/// filter of the same area. From 0 to 8 kHz, which is half the sample rate.
package struct MelFilterbank: Sendable {
    /// A filter's weights for the frequencies from `first` on; elsewhere it is 0.
    package struct Filter: Sendable {
        package var first: Int
        package var weights: [Float]
    }

    package let filters: [Filter]

    package init(bands: Int) {
        let highest = 8000.0
        let edges = (0..<bands + 2).map { Self.hertz(Self.mel(highest) * Double($0) / Double(bands + 1)) }
        let bin = highest / Double(PowerSpectrum.bins - 1)
        filters = (0..<bands).map { band in
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            let weights = (0..<PowerSpectrum.bins).map { index in
                let frequency = Double(index) * bin
                let slope = min((frequency - low) / (middle - low), (high - frequency) / (high - middle))
                return Float(max(0, slope) * 2 / (high - low))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? first
            return Filter(first: first, weights: Array(weights[first...last]))
        }
    }

    /// Hertz a mel, below the break at 1 kHz.
    private static let linear = 200.0 / 3
    private static let breakHertz = 1000.0
    private static let breakMel = breakHertz / linear
    /// The logarithm of the step above the break.
    private static let step = log(6.4) / 27

    private static func mel(_ hertz: Double) -> Double {
        hertz < breakHertz ? hertz / linear : breakMel + log(hertz / breakHertz) / step
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < breakMel ? mel * linear : breakHertz * exp(step * (mel - breakMel))
    }
}
