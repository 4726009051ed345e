import Inference

/// A file of sound, decoded a stretch at a time: WAV, MP3, FLAC or OGG in, mono at 16 kHz out.
///
/// Channels are mixed into their mean. What it takes in memory does not grow with the sound's length. A file that is cut
/// short is read as far as it goes, one of no samples gives none, and a length in its head is believed only where it is too
/// long: that is refused at once. Tags before and behind the sound are passed over.
///
/// Not sendable, and reading blocks.
package final class SoundReader {
    /// Samples a second of what is read.
    package static let sampleRate = 16_000
    /// Seconds of the longest sound that is read, unless told otherwise: 4 hours.
    package static let maximumSeconds = 14_400.0

    /// Seconds of sound as the file's head states them; `nil` where it does not.
    package let statedDuration: Double?

    private let maximumSeconds: Double
    private let decoder: SoundDecoder
    private let resampler: Resampler
    /// What was decoded last, and how much of it is read already.
    private var block: [Float] = []
    private var position = 0
    private var decodedCount = 0
    private var isDecoded = false

    /// Opens the file and reads its head. The path is not needed after that.
    ///
    /// - Throws: ``MediaFault`` where it is no sound that can be read, or is too long.
    package init(path: String, maximumSeconds: Double = maximumSeconds) throws(MediaFault) {
        self.maximumSeconds = maximumSeconds
        decoder = try SoundDecoder(path: path)
        resampler = try Resampler(from: decoder.rate, to: Self.sampleRate)
        let rate = Double(decoder.rate)
        statedDuration = decoder.statedCount.map { Double($0) / rate }
        try check(seconds: statedDuration ?? 0)
    }

    /// The next samples in −1…1, as many as were asked for unless the sound ends; none at its end.
    ///
    /// - Throws: ``MediaFault`` where the file is damaged, or turns out too long.
    package func read(_ count: Int) throws(MediaFault) -> [Float] {
        precondition(count >= 0, "a number of samples")
        var fault: MediaFault?
        let samples = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(MediaFault) {
                while filled < count, let made = try fill(buffer[filled...]) {
                    filled += made
                }
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return samples
    }

    /// Reads some samples, maybe none; `nil` at the end.
    private func fill(_ samples: Slice<UnsafeMutableBufferPointer<Float>>) throws(MediaFault) -> Int? {
        if position == block.count, !isDecoded {
            try decode()
        }
        var fault: MediaFault?
        let (used, made) = block.withUnsafeBufferPointer { decoded in
            do throws(MediaFault) {
                return try resampler.process(isDecoded ? nil : decoded[position...], into: samples)
            } catch {
                fault = error
                return (0, 0)
            }
        }
        if let fault { throw fault }
        position += used
        // A filter may overshoot.
        for index in samples.startIndex..<(samples.startIndex + made) {
            samples.base[index] = samples.base[index].held
        }
        return isDecoded && made == 0 ? nil : made
    }

    private func decode() throws(MediaFault) {
        try decoder.read(into: &block)
        position = 0
        isDecoded = block.isEmpty
        decodedCount += block.count
        try check(seconds: Double(decodedCount) / Double(decoder.rate))
    }

    private func check(seconds: Double) throws(MediaFault) {
        guard seconds <= maximumSeconds else {
            throw MediaFault(
                "the sound takes \(Int(min(seconds, 1e9))) seconds; at most \(Int(maximumSeconds)) are read",
                kind: .tooLarge)
        }
    }
}
