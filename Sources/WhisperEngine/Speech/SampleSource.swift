import Media

/// Sound that comes a stretch at a time: mono, at 16 kHz.
package protocol SampleSource: AnyObject {
    /// Seconds of all of it, as far as is known.
    var statedDuration: Double? { get }

    /// The next samples in −1…1, as many as were asked for unless the sound ends; none at its end. Blocks.
    ///
    /// - Throws: `MediaFault`.
    func samples(_ count: Int) throws -> [Float]
}

extension SoundReader: SampleSource {
    package func samples(_ count: Int) throws -> [Float] { try read(count) }
}
