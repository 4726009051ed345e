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

    /// White noise of a root mean square, the same again after ten seconds.
    static func noise(_ seconds: Double, level: Float) -> [Float] { tenSeconds.repeated(seconds).map { level * $0 } }

    /// Of a root mean square of 1.
    private static let tenSeconds: [Float] = {
        var random = SplitMix(seed: 7)
        // A uniform number's root mean square is its bound over the root of three.
        let bound = Float(3).squareRoot()
        return (0..<160_000).map { _ in Float.random(in: -bound...bound, using: &random) }
    }()

    /// A voice's fundamental of 120 Hz with its harmonics, in syllables of 150 ms and pauses of 100 ms.
    static func babble(_ seconds: Double, level: Float = 0.1) -> [Float] {
        syllable.repeated(seconds).map { level * $0 }
    }

    /// A syllable and its pause, in which all harmonics have whole periods.
    private static let syllable: [Float] = (0..<4_000).map { index in
        guard index < 2_400 else { return 0 }
        let time = Double(index) / 16_000
        return Float((1...20).reduce(0.0) { $0 + sin(2 * .pi * 120 * Double($1) * time) / Double($1) })
    }
}

extension [Float] {
    /// As long as so many seconds, by repeating itself.
    fileprivate func repeated(_ seconds: Double) -> [Float] {
        let count = Int(seconds * 16_000)
        var samples: [Float] = []
        samples.reserveCapacity(count + self.count)
        while samples.count < count { samples += self }
        samples.removeLast(samples.count - count)
        return samples
    }
}
