/// How loud a frame is in four bands that hold what tells speech from noise: power, 1 being a full-scale square wave's.
package struct BandLevels: Sendable, Equatable {
    /// 200–600, 600–1200, 1200–2400 and 2400–4800 Hz.
    package var power: SIMD4<Float>

    package init(power: SIMD4<Float>) {
        self.power = power
    }

    /// The bands' first frequencies in a spectrum, and where the last one ends; a frequency is 40 Hz.
    private static let edges = [5, 15, 30, 60, 120]

    /// The power of a sum of squares over half of a spectrum, by Parseval's theorem: twice for the other half, over the
    /// frame's length and the window's energy, 3/8 of it.
    private static let scale = 2 / (Float(PowerSpectrum.frameLength) * Float(PowerSpectrum.frameLength) * 0.375)

    static func append(
        of power: UnsafeMutablePointer<PowerSpectrum.Lanes>, count: Int, to levels: inout [BandLevels]
    ) {
        var frames = [SIMD4<Float>](repeating: .zero, count: PowerSpectrum.lanes)
        for band in 0..<4 {
            var sum = PowerSpectrum.Lanes.zero
            for bin in edges[band]..<edges[band + 1] { sum += power[bin] }
            for lane in 0..<count { frames[lane][band] = sum[lane] * scale }
        }
        for lane in 0..<count { levels.append(BandLevels(power: frames[lane])) }
    }
}
