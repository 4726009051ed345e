import Inference

/// A file of sound, decoded a stretch at a time: WAV, MP3, FLAC or OGG in, mono at 16 kHz out.
///
/// Not sendable, and reading blocks.
package final class SoundReader {
    /// Samples a second of what is read.
    package static let sampleRate = 16_000

    /// Seconds of sound as the file's head states them; `nil` where it does not.
    package let statedDuration: Double?

    /// Opens the file and reads its head. The path is not needed after that.
    ///
    /// - Throws: ``MediaFault`` where it is no sound that can be read, or is too long.
    package init(path: String) throws(MediaFault) {
        fatalError("not there yet")
    }

    /// The next samples in −1…1, as many as were asked for unless the sound ends; none at its end.
    ///
    /// - Throws: ``MediaFault`` where the file is damaged, or turns out too long.
    package func read(_ count: Int) throws(MediaFault) -> [Float] {
        fatalError("not there yet")
    }
}
