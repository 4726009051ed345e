import Foundation
import WhisperEngine

/// Sound out of thin air.
final class MadeSound: SampleSource {
    let statedDuration: Double?
    private var samples: ArraySlice<Float>

    init(_ samples: [Float]) {
        self.samples = samples[...]
        statedDuration = Double(samples.count) / 16_000
    }

    func samples(_ count: Int) -> [Float] {
        defer { samples = samples.dropFirst(count) }
        return Array(samples.prefix(count))
    }
}

enum Sounds {
    static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }

    /// White noise of a root mean square.
    static func noise(_ seconds: Double, level: Float) -> [Float] {
        var random = SplitMix(seed: 7)
        // A uniform number's root mean square is its bound over the root of three.
        let bound = level * Float(3).squareRoot()
        return (0..<Int(seconds * 16_000)).map { _ in Float.random(in: -bound...bound, using: &random) }
    }

    /// A voice's fundamental of 120 Hz with its harmonics, in syllables of 150 ms and pauses of 100 ms.
    static func babble(_ seconds: Double, level: Float = 0.1) -> [Float] {
        (0..<Int(seconds * 16_000)).map { index in
            let time = Double(index) / 16_000
            guard time.truncatingRemainder(dividingBy: 0.25) < 0.15 else { return 0 }
            let voice = (1...20).reduce(0.0) { $0 + sin(2 * .pi * 120 * Double($1) * time) / Double($1) }
            return level * Float(voice)
        }
    }
}
