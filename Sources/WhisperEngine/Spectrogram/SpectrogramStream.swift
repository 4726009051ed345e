/// A log-mel spectrogram that grows with the sound, as Whisper's authors define it: frames of 25 ms every 10 ms, the power
/// in mel bands, its decimal logarithm.
///
/// A. Radford et al.: Robust Speech Recognition via Large-Scale Weak Supervision, 2022, section 2.2; the details as in their
/// program: the sound is mirrored at its beginning and followed by silence. Each frame is computed once, and kept until
/// it is dropped.
package struct SpectrogramStream {
    package static let framesPerSecond = 100

    /// Frames from the sound's beginning that are computed, and those before that are dropped already.
    package private(set) var frames = 0..<0
    /// The largest logarithm so far.
    package private(set) var loudest = quietest
    package let bands: Int
    /// How loud each frame is, for the detector of speech; emptied by who reads it.
    package var levels: [BandLevels] = []

    /// The logarithm that silence is taken for.
    package static let quietest: Float = -10

    private let filterbank: MelFilterbank
    private let spectrum = PowerSpectrum()
    /// Samples from the next frame's beginning on.
    private var pending: [Float] = []
    private var hasBegun = false
    /// Logarithms, one band after another, each with room for `capacity` frames.
    private var rows: [Float]
    private var capacity = 4096

    package init(bands: Int) {
        self.bands = bands
        filterbank = MelFilterbank(bands: bands)
        rows = [Float](repeating: 0, count: bands * capacity)
    }

    /// Takes more of the sound, at 16 kHz.
    package mutating func append(_ samples: [Float]) {
        pending += samples
        if !hasBegun {
            guard pending.count > PowerSpectrum.frameLength / 2 else { return }
            pending = Array(pending[1...PowerSpectrum.frameLength / 2].reversed()) + pending
            hasBegun = true
        }
        computeFrames()
    }

    /// The sound is over: the frames that its end reaches into are computed too.
    package mutating func end() {
        append([Float](repeating: 0, count: PowerSpectrum.frameLength))
    }

    private mutating func computeFrames() {
        let count = (pending.count - PowerSpectrum.frameLength) / PowerSpectrum.hop + 1
        guard pending.count >= PowerSpectrum.frameLength, count > 0 else { return }
        makeRoom(for: count)
        let first = frames.count
        frames = frames.lowerBound..<frames.upperBound + count
        withUnsafeTemporaryAllocation(of: PowerSpectrum.Lanes.self, capacity: PowerSpectrum.bins) { power in
            guard let power = power.baseAddress else { return }
            pending.withUnsafeBufferPointer { samples in
                guard let samples = samples.baseAddress else { return }
                for start in stride(from: 0, to: count, by: PowerSpectrum.lanes) {
                    let width = min(PowerSpectrum.lanes, count - start)
                    spectrum.compute(samples + start * PowerSpectrum.hop, count: width, into: power)
                    BandLevels.append(of: power, count: width, to: &levels)
                    store(power, count: width, at: first + start)
                }
            }
        }
        pending.removeFirst(count * PowerSpectrum.hop)
    }

    /// Gathers spectra into bands and keeps their logarithms. Lanes beyond `count` are written too, and overwritten later.
    private mutating func store(_ power: UnsafeMutablePointer<PowerSpectrum.Lanes>, count: Int, at frame: Int) {
        typealias Lanes = PowerSpectrum.Lanes
        var largest = Lanes(repeating: loudest)
        rows.withUnsafeMutableBytes { rows in
            for (band, filter) in filterbank.filters.enumerated() {
                var sum = Lanes.zero
                for (index, weight) in filter.weights.enumerated() { sum += power[filter.first + index] * weight }
                let audible = sum.replacing(with: 1e-10, where: .!(sum .> 1e-10))
                let logs = logarithm(audible) * 0.434_294_48
                largest.replace(with: logs, where: logs .> largest)
                rows.storeBytes(
                    of: logs, toByteOffset: 4 * (band * capacity + frame), as: Lanes.self)
            }
        }
        loudest = largest.max()
    }

    /// Makes room for further frames behind those that are kept, and one vector more.
    private mutating func makeRoom(for count: Int) {
        let needed = frames.count + count + PowerSpectrum.lanes
        guard needed > capacity else { return }
        let larger = max(needed, 2 * capacity)
        var moved = [Float](repeating: 0, count: bands * larger)
        for band in 0..<bands {
            let from = band * capacity
            moved.replaceSubrange(band * larger..<band * larger + frames.count, with: rows[from..<from + frames.count])
        }
        (rows, capacity) = (moved, larger)
    }

    /// Forgets frames; those that are not there yet are left alone.
    package mutating func drop(before frame: Int) {
        let count = min(frame, frames.upperBound) - frames.lowerBound
        guard count > 0 else { return }
        let kept = frames.count - count
        rows.withUnsafeMutableBufferPointer { rows in
            guard let base = rows.baseAddress else { return }
            for band in 0..<bands {
                let row = base + band * capacity
                row.update(from: row + count, count: kept)
            }
        }
        frames = frames.lowerBound + count..<frames.upperBound
    }

    /// Writes a window as the encoder reads it: one band after another, logarithms no more than 8 below the largest, and
    /// scaled to be small. What lies behind the window's frames is silence.
    ///
    /// The largest is that of the sound so far, where Whisper's authors take that of the whole sound, which is not
    /// known yet.
    ///
    /// - Parameters:
    ///   - window: frames that are kept.
    ///   - values: `bands` × `length` numbers.
    package func copy(_ window: Range<Int>, into values: UnsafeMutableBufferPointer<Float>, length: Int = 3000) {
        precondition(window.count <= length && values.count == bands * length, "a window as long as the encoder's")
        precondition(window.lowerBound >= frames.lowerBound, "the window's frames are still there")
        let floor = loudest - 8
        let silence = (max(Self.quietest, floor) + 4) / 4
        let count = min(window.upperBound, frames.upperBound) - window.lowerBound
        rows.withUnsafeBufferPointer { rows in
            for band in 0..<bands {
                let from = band * capacity + window.lowerBound - frames.lowerBound
                for index in 0..<count {
                    values[band * length + index] = (max(rows[from + index], floor) + 4) * 0.25
                }
                for index in count..<length { values[band * length + index] = silence }
            }
        }
    }
}
