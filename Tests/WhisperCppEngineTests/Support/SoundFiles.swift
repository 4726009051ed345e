import Foundation
import TestSupport

/// Files of sound for tests: WAV, mono, 16 kHz, 16 bits.
enum SoundFiles {
    /// A tone after so much silence; gives the path.
    static func tone(seconds: Double, after silence: Double = 0, in folder: TemporaryFolder) throws -> String {
        let quiet = [Int16](repeating: 0, count: Int(silence * 16_000))
        let tone = (0..<Int(seconds * 16_000)).map { Int16(8_000 * sin(Double($0) * 0.17)) }
        return try folder.write("sound-\(UUID().uuidString).wav", WAVFile(pcm: quiet + tone).bytes)
    }
}
