import Foundation
import Testing
import WhisperEngine

/// Golden values: the feature extractor of the Python package faster-whisper 1.2.1 (numpy), given the sound and silence up to
/// 30 s.
@Suite struct SpectrogramTests {
    /// A tone of 440 Hz and one that rises from 100 Hz on, for 3 s.
    private static let tones: [Float] = (0..<48_000).map { index in
        let time = Double(index) / 16_000
        return Float(0.5 * sin(2 * .pi * 440 * time) + 0.25 * sin(2 * .pi * (100 * time + 1500 * time * time)))
    }

    private static let frames = [0, 1, 50, 150, 299, 300, 301, 2000]

    private static let golden: [Int: [Int: [Float]]] = [
        80: [
            0: [1.27996, 0.76275, -0.5126, -0.5126, 0.3187, 0.83073, 0.3187, -0.5126],
            7: [1.08692, 0.57071, -0.5126, -0.5126, 0.35834, 0.97157, 0.35834, -0.5126],
            20: [0.83427, 0.34517, -0.5126, -0.5126, 0.18269, 0.67178, 0.18269, -0.5126],
            40: [0.44022, -0.0682, 0.62235, -0.5126, -0.2116, 0.29755, -0.21158, -0.5126],
            60: [0.12, -0.38959, -0.5126, -0.5126, -0.40893, 0.10123, -0.40877, -0.5126],
            79: [-0.05837, -0.5126, -0.5126, -0.5126, -0.02024, 0.49088, -0.02068, -0.5126],
        ],
        128: [
            0: [1.20421, 0.68699, -0.4648, -0.4648, 0.24294, 0.75497, 0.24295, -0.4648],
            7: [0.64292, 0.81592, -0.4648, -0.4648, 0.3173, 0.85393, 0.3173, -0.4648],
            20: [1.33436, 1.29202, 1.28739, 1.28739, 1.28949, 1.23593, 0.33281, -0.4648],
            40: [0.76609, 0.25398, -0.4648, -0.4648, 0.09189, 0.6045, 0.09189, -0.4648],
            60: [0.47778, -0.0313, 1.13763, -0.4648, -0.17993, 0.32947, -0.17994, -0.4648],
            127: [-0.05884, -0.4648, -0.4648, -0.4648, -0.03548, 0.47713, -0.03404, -0.4648],
        ],
    ]

    private func window(_ stream: SpectrogramStream, from frame: Int = 0) -> [Float] {
        var values = [Float](repeating: 0, count: stream.bands * 3000)
        values.withUnsafeMutableBufferPointer {
            stream.copy(frame..<min(frame + 3000, stream.frames.upperBound), into: $0)
        }
        return values
    }

    @Test(arguments: [80, 128]) func `a spectrogram has the reference's values`(bands: Int) throws {
        var stream = SpectrogramStream(bands: bands)
        stream.append(Self.tones)
        stream.end()
        let values = window(stream)
        for (band, expected) in try #require(Self.golden[bands]) {
            for (frame, value) in zip(Self.frames, expected) {
                #expect(abs(values[band * 3000 + frame] - value) < 2e-4, "band \(band), frame \(frame)")
            }
        }
    }

    @Test(arguments: [1, 160, 333, 16_000]) func `sound that comes in pieces makes the same spectrogram`(size: Int) {
        var (whole, pieces) = (SpectrogramStream(bands: 80), SpectrogramStream(bands: 80))
        whole.append(Self.tones)
        whole.end()
        for start in stride(from: 0, to: Self.tones.count, by: size) {
            pieces.append(Array(Self.tones[start..<min(start + size, Self.tones.count)]))
        }
        pieces.end()
        #expect(pieces.frames == whole.frames)
        #expect(window(pieces) == window(whole))
    }

    @Test func `frames that are dropped leave the others as they are`() {
        var stream = SpectrogramStream(bands: 80)
        stream.append(Self.tones)
        stream.end()
        let before = window(stream, from: 120)
        stream.drop(before: 120)
        #expect(stream.frames.lowerBound == 120)
        #expect(window(stream, from: 120) == before)
    }

    @Test func `the filters are those of librosa`() {
        // Sums and highest frequencies as the package has them.
        let filters = MelFilterbank(bands: 80).filters
        for (band, sum, highest) in [(0, 0.024863, 1), (7, 0.024863, 7), (40, 0.026665, 43), (79, 0.024925, 192)] {
            let filter = filters[band]
            #expect(abs(filter.weights.reduce(0, +) - Float(sum)) < 1e-6)
            let peak = filter.weights.indices.max { filter.weights[$0] < filter.weights[$1] } ?? 0
            #expect(filter.first + peak == highest)
        }
    }
}
