import Foundation
import Media
import TestSupport
import Testing

/// Tones are known at every time, so what another rate has to give follows from mathematics.
@Suite("Rates, channels and samples of any size")
struct SoundRateTests {
    private func sine(_ frequency: Double, _ time: Double, phase: Double = 0) -> Double {
        sin(2 * Double.pi * frequency * time + phase)
    }

    /// A second of a sine of half the largest amplitude.
    private func sine(_ frequency: Double, rate: Int) -> [Float] {
        (0..<rate).map { index in Float(0.5 * sine(frequency, Double(index) / Double(rate))) }
    }

    /// At `time`, tones up to 3.2 kHz that swell and die away within a second; another mixture in each channel.
    private func tones(_ time: Double, channel: Int) -> Double {
        let swell = pow(sin(Double.pi * time), 2)
        var sum = 0.0
        for tone in 1...8 {
            sum += sine(Double(400 * tone - 37 * channel), time, phase: Double(tone)) / 10
        }
        return swell * sum
    }

    @Test(
        "A second at any rate becomes the same tones at 16 kHz",
        arguments: [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000])
    func rates(_ rate: Int) throws {
        let file = WAVFile((0..<rate).map { Float(tones(Double($0) / Double(rate), channel: 0)) }, rate: rate)
        let samples = try SoundReader.reading(file.bytes).rest()
        #expect(samples.count == 16_000)
        let expected = (0..<16_000).map { Float(tones(Double($0) / 16_000, channel: 0)) }
        #expect(largestDifference(samples, expected) < 2e-5)
    }

    @Test("The rates at both ends are read, for as long as they last", arguments: [1_000, 384_000])
    func extremes(_ rate: Int) throws {
        let file = WAVFile(sine(200, rate: rate), rate: rate)
        let samples = try SoundReader.reading(file.bytes).rest()
        #expect(samples.count == 16_000)
        let expected = sine(200, rate: 16_000)
        #expect(largestDifference(Array(samples[4_000..<12_000]), Array(expected[4_000..<12_000])) < 1e-4)
    }

    @Test("What 16 kHz cannot hold is left out, not folded", arguments: [8_800.0, 12_000, 19_000])
    func aliases(_ frequency: Double) throws {
        let file = WAVFile(sine(frequency, rate: 48_000), rate: 48_000)
        let samples = try SoundReader.reading(file.bytes).rest()
        #expect(samples[2_000..<14_000].allSatisfy { abs($0) < 1e-5 })
    }

    @Test("Channels become their mean", arguments: [1, 2, 3, 6, 16])
    func channels(_ count: Int) throws {
        let frames = (0..<16_000).map { frame in (0..<count).map { tones(Double(frame) / 16_000, channel: $0) } }
        let file = WAVFile(frames.joined().map(Float.init), channels: count)
        let expected = frames.map { Float($0.reduce(0, +) / Double(count)) }
        #expect(try largestDifference(SoundReader.reading(file.bytes).rest(), expected) < 1e-6)
    }

    @Test("Samples beyond −1…1 are held to it, and what is no number becomes silence")
    func anyNumber() throws {
        let file = WAVFile([0.5, .nan, .infinity, -.infinity, 3e38, -3e38, -0.25, .leastNonzeroMagnitude, -.nan])
        #expect(try SoundReader.reading(file.bytes).rest() == [0.5, 0, 1, -1, 1, -1, -0.25, .leastNonzeroMagnitude, 0])
    }

    @Test("A resampled square as loud as can be stays within −1…1")
    func overshoot() throws {
        let file = WAVFile((0..<44_100).map { $0 / 100 % 2 == 0 ? .infinity : -3e38 }, rate: 44_100)
        let samples = try SoundReader.reading(file.bytes).rest()
        #expect(samples.allSatisfy { abs($0) <= 1 })
        #expect(samples.contains(1) && samples.contains(-1))
    }
}
