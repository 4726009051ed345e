/// The head of one frame of MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3).
package struct MP3Frame: Sendable {
    private static let bitRates = [
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]
    private static let sampleRates = [44_100, 48_000, 32_000]

    package let seconds: Double
    /// In bytes.
    package let length: Int

    /// - Parameter head: the frame's first 4 bytes, the most significant first.
    package init?(head: Int) {
        guard head >> 21 == 0x7FF, (head >> 17) & 3 == 1 else { return nil }
        let (version, rate, frequency) = ((head >> 19) & 3, (head >> 12) & 15, (head >> 10) & 3)
        guard version != 1, (1...14).contains(rate), frequency < 3 else { return nil }
        let isFirst = version == 3
        let sampleRate = Self.sampleRates[frequency] / (isFirst ? 1 : version == 2 ? 2 : 4)
        let samples = isFirst ? 1_152 : 576
        seconds = Double(samples) / Double(sampleRate)
        length = samples / 8 * Self.bitRates[isFirst ? 0 : 1][rate - 1] * 1_000 / sampleRate + (head >> 9) & 1
    }
}
