import Media

/// A sound cut into windows for the model: each begins where the text of the last one ended, and passes over what surely
/// holds no speech. In memory is hardly more of it than a window.
///
/// Not sendable; reading blocks.
package final class SoundWindows {
    /// What the model is to hear next.
    package struct Window: Sendable, Equatable {
        /// Frames of 10 ms from the sound's beginning; at most 3000. What is silent at the end is left out.
        package var frames: Range<Int>
        /// The spectrogram, bands × 3000, with silence behind the frames.
        package var spectrogram: [Float]
    }

    private let source: any SampleSource
    private var stream: SpectrogramStream
    private var activity = SpeechActivity()
    private var hasEnded = false
    /// Samples that were read.
    private var count = 0

    /// Frames of a window.
    package static let length = 3000
    /// Frames that are read at once.
    private static let chunk = 500
    private static let samplesPerFrame = SoundReader.sampleRate / SpectrogramStream.framesPerSecond

    package init(_ source: any SampleSource, bands: Int) {
        self.source = source
        stream = SpectrogramStream(bands: bands)
    }

    package var statedDuration: Double? { source.statedDuration }

    /// Seconds that were read so far; all of them once there is no window left.
    package var seconds: Double { Double(count) / Double(SoundReader.sampleRate) }

    /// The window for what lies behind a frame.
    ///
    /// - Returns: `nil` where no more speech comes; then the sound is read to its end.
    /// - Throws: `MediaFault`, `CancellationError`.
    package func next(from seek: Int) throws -> Window? {
        var seek = seek
        while true {
            try read(upTo: seek + Self.length)
            if hasEnded, seek + SpeechActivity.shortest > content { return nil }
            activity.drop(before: seek)
            stream.drop(before: seek)
            let known = min(activity.judged, seek + Self.length)
            if let first = activity.stretches.first, first.lowerBound < known {
                let start = max(seek, first.lowerBound)
                if start == seek { return window(from: start) }
                seek = start
            } else if hasEnded {
                return nil
            } else {
                // Speech that begins right behind reaches back a little.
                seek = max(seek, known - SpeechActivity.margin)
            }
        }
    }

    private func window(from start: Int) -> Window {
        let reach = min(start + Self.length, content)
        let spoken = activity.stretches.last { $0.lowerBound < reach }?.upperBound ?? reach
        let end = min(spoken, reach)
        var spectrogram = [Float](repeating: 0, count: stream.bands * Self.length)
        // The frames behind the last whole one still hold a bit of it.
        let heard = start..<(end == content ? min(start + Self.length, stream.frames.upperBound) : end)
        spectrogram.withUnsafeMutableBufferPointer { stream.copy(heard, into: $0, length: Self.length) }
        return Window(frames: start..<end, spectrogram: spectrogram)
    }

    /// Whole frames that were read.
    private var content: Int { count / Self.samplesPerFrame }

    /// Reads on until so many frames are judged, or the sound ends.
    private func read(upTo frame: Int) throws {
        while activity.judged < frame, !hasEnded {
            try Task.checkCancellation()
            let wanted = Self.chunk * Self.samplesPerFrame
            let samples = try source.samples(wanted)
            count += samples.count
            if !samples.isEmpty { stream.append(samples) }
            if samples.count < wanted {
                hasEnded = true
                stream.end()
            }
            activity.append(stream.levels)
            stream.levels.removeAll(keepingCapacity: true)
            if hasEnded { activity.finish() }
        }
    }
}
