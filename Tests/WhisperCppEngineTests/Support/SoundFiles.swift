import Foundation

/// Files of sound for tests: WAV, mono, 16 kHz, 16 bits.
enum SoundFiles {
    /// A tone after so much silence; gives the path.
    static func tone(seconds: Double, after silence: Double = 0) throws -> String {
        let quiet = [Int16](repeating: 0, count: Int(silence * 16_000))
        let tone = (0..<Int(seconds * 16_000)).map { Int16(8_000 * sin(Double($0) * 0.17)) }
        return try write(quiet + tone)
    }

    static func write(_ samples: [Int16]) throws -> String {
        var file = Data("RIFF".utf8)
        func append(_ value: Int, bytes: Int) {
            for index in 0..<bytes { file.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        }
        append(36 + 2 * samples.count, bytes: 4)
        file.append(contentsOf: "WAVEfmt ".utf8)
        for (value, bytes) in [(16, 4), (1, 2), (1, 2), (16_000, 4), (32_000, 4), (2, 2), (16, 2)] {
            append(value, bytes: bytes)
        }
        file.append(contentsOf: "data".utf8)
        append(2 * samples.count, bytes: 4)
        for sample in samples { append(Int(sample), bytes: 2) }
        let path = FileManager.default.temporaryDirectory.appending(path: "sound-\(UUID().uuidString).wav")
        try file.write(to: path)
        return path.path
    }
}
