/// What a sound's file says of itself, read without decoding it.
package struct SoundFile: Sendable, Equatable {
    /// Seconds of the longest sound that is decoded.
    package static let maximumSeconds = 1_800.0

    package var seconds: Double

    /// - Throws: ``MediaFault`` unless the bytes are a WAV or MP3 file.
    package init(_ data: [UInt8]) throws(MediaFault) {
        let file = FileBytes(data)
        if file.has("RIFF"), file.has("WAVE", at: 8) {
            seconds = try Self.secondsOfWAV(file)
        } else if file.has("ID3") || MP3Frame(file, at: 0) != nil {
            seconds = try Self.secondsOfMP3(file)
        } else {
            throw MediaFault("expected the bytes of a WAV or MP3 file")
        }
    }

    /// - Throws: ``MediaFault`` where the sound is too long.
    package func check() throws(MediaFault) {
        guard seconds <= Self.maximumSeconds else {
            throw MediaFault(
                "the sound takes \(Int(min(seconds, 1e9))) seconds; at most \(Int(Self.maximumSeconds)) are read")
        }
    }

    private static func secondsOfWAV(_ file: FileBytes) throws(MediaFault) -> Double {
        var offset = 12
        var bytesPerSecond: Int?
        while let length = file.little(offset + 4, bytes: 4) {
            if file.has("data", at: offset), let bytesPerSecond {
                return Double(min(length, file.count - offset - 8)) / Double(bytesPerSecond)
            }
            if file.has("fmt ", at: offset) {
                guard let format = file.little(offset + 8, bytes: 2), let channels = file.little(offset + 10, bytes: 2),
                    let rate = file.little(offset + 12, bytes: 4), let bits = file.little(offset + 22, bytes: 2)
                else { break }
                // PCM, floats, and the extensible form of both.
                guard [1, 3, 0xFFFE].contains(format), (1...8).contains(channels), rate > 0, bits >= 8 else {
                    throw MediaFault("expected a WAV file of 1 to 8 channels that is not compressed")
                }
                bytesPerSecond = rate * channels * (bits / 8)
            }
            // Chunks begin at even places.
            offset += 8 + length + length % 2
        }
        throw MediaFault("the WAV file is damaged or cut short")
    }

    private static func secondsOfMP3(_ file: FileBytes) throws(MediaFault) -> Double {
        var offset = 0
        if file.has("ID3"), let size = file.big(6, bytes: 4) {
            // 7 bits of each byte count.
            offset = 10 + (size & 0x7F | (size >> 1) & 0x3F80 | (size >> 2) & 0x1F_C000 | (size >> 3) & 0xFE0_0000)
        }
        var seconds = 0.0
        while offset + 4 <= file.count {
            if let frame = MP3Frame(file, at: offset) {
                seconds += frame.seconds
                offset += frame.length
            } else {
                offset += 1
            }
        }
        guard seconds > 0 else { throw MediaFault("the MP3 file holds no sound") }
        return seconds
    }
}

extension MP3Frame {
    fileprivate init?(_ file: FileBytes, at offset: Int) {
        guard let head = file.big(offset, bytes: 4) else { return nil }
        self.init(head: head)
    }
}
