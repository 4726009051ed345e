extension Picture {
    /// The picture in RGB, as it looks on white paper; itself where it has no alpha channel.
    package var onWhite: Picture {
        guard channels == .rgba else { return self }
        let rgb = [UInt8](unsafeUninitializedCapacity: width * height * 3) { into, count in
            pixels.withUnsafeBufferPointer { from in
                for pixel in 0..<(width * height) {
                    let alpha = Int(from[4 * pixel + 3])
                    for channel in 0..<3 {
                        let blend = Int(from[4 * pixel + channel]) * alpha + 255 * (255 - alpha)
                        into[3 * pixel + channel] = UInt8(truncatingIfNeeded: (blend + 127) / 255)
                    }
                }
            }
            count = width * height * 3
        }
        return Picture(width: width, height: height, channels: .rgb, pixels: rgb)
    }

    /// The colours as they are stored, and the alpha channel on its own where there is one.
    package var separatedAlpha: (colours: Picture, alpha: Picture?) {
        guard channels == .rgba else { return (self, nil) }
        return (plane(.rgb, from: 0), plane(.grey, from: 3))
    }

    /// Some of the channels, from the given one on.
    private func plane(_ kept: Channels, from first: Int) -> Picture {
        let (size, step) = (kept.rawValue, channels.rawValue)
        let plane = [UInt8](unsafeUninitializedCapacity: width * height * size) { into, count in
            pixels.withUnsafeBufferPointer { from in
                for pixel in 0..<(width * height) {
                    for channel in 0..<size { into[pixel * size + channel] = from[pixel * step + first + channel] }
                }
            }
            count = width * height * size
        }
        return Picture(width: width, height: height, channels: kept, pixels: plane)
    }
}
