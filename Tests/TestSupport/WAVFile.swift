/// The bytes of a WAV file, right or with a head that lies.
package struct WAVFile {
    /// 1 is PCM, 3 floating-point numbers.
    package var code: Int
    package var channels: Int
    package var rate: Int
    package var bits: Int
    package var data: [UInt8]
    /// Chunks before the head of the sound.
    package var before: [UInt8] = []
    /// What the head says of the data's length in bytes; `nil` is the truth.
    package var statedLength: Int?

    /// Floating-point samples, interleaved.
    package init(_ samples: [Float], channels: Int = 1, rate: Int = 16_000) {
        (code, self.channels, self.rate, bits) = (3, channels, rate, 32)
        data = samples.withUnsafeBytes(Array.init)
    }

    /// Samples of 16 bits, interleaved.
    package init(pcm samples: [Int16], channels: Int = 1, rate: Int = 16_000) {
        (code, self.channels, self.rate, bits) = (1, channels, rate, 16)
        data = samples.withUnsafeBytes(Array.init)
    }

    package var bytes: [UInt8] {
        let width = channels * bits / 8
        var format = Self.little(code, 2) + Self.little(channels, 2) + Self.little(rate, 4)
        format += Self.little(rate * width, 4) + Self.little(width, 2) + Self.little(bits, 2)
        let length = statedLength ?? data.count
        let head = Array("RIFF".utf8) + Self.little(36 + before.count + length, 4) + Array("WAVE".utf8) + before
        return head + Array("fmt ".utf8) + Self.little(16, 4) + format + Array("data".utf8) + Self.little(length, 4)
            + data
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
