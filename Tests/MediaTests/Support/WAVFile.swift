/// The bytes of a WAV file, right or with a head that lies.
struct WAVFile {
    /// 1 is PCM, 3 floating-point numbers.
    var code = 3
    var channels = 1
    var rate = 16_000
    var bits = 32
    var data: [UInt8] = []
    /// What the head says of the data's length in bytes; `nil` is the truth.
    var statedLength: Int?

    /// Floating-point samples, interleaved.
    init(_ samples: [Float], channels: Int = 1, rate: Int = 16_000) {
        self.channels = channels
        self.rate = rate
        data = samples.flatMap { Self.little(Int($0.bitPattern), 4) }
    }

    var bytes: [UInt8] {
        let width = channels * bits / 8
        var format = Self.little(code, 2) + Self.little(channels, 2) + Self.little(rate, 4)
        format += Self.little(rate * width, 4) + Self.little(width, 2) + Self.little(bits, 2)
        let length = statedLength ?? data.count
        return Array("RIFF".utf8) + Self.little(36 + length, 4) + Array("WAVEfmt ".utf8) + Self.little(16, 4) + format
            + Array("data".utf8) + Self.little(length, 4) + data
    }

    static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
