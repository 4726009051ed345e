extension Array where Element == Float {
    /// Appends interleaved frames as one channel, the mean of theirs.
    ///
    /// Samples are held to −1…1 first, as a player would: files of floating-point numbers may hold any. What is no number
    /// becomes silence.
    mutating func append(mixing frames: Slice<UnsafeBufferPointer<Float>>, channels: Int) {
        let base = frames.base
        let weight = 1 / Float(channels)
        reserveCapacity(count + frames.count / channels)
        for start in stride(from: frames.startIndex, to: frames.endIndex, by: channels) {
            var sum: Float = 0
            for channel in 0..<channels {
                sum += base[start + channel].held
            }
            append(sum * weight)
        }
    }
}

extension Float {
    /// In −1…1; 0 where it is no number.
    var held: Float {
        self < -1 ? -1 : self > 1 ? 1 : self == self ? self : 0
    }
}
