import Media

/// Pixels as networks take and give them: f32 from 0 to 1, one plane after another for red, green and blue.
enum PlanarPixels {
    private static let planes = 3

    /// Spreads a picture in RGB over its planes.
    ///
    /// - Precondition: there are three numbers for each pixel.
    static func fill(_ values: UnsafeMutableBufferPointer<Float>, from picture: Picture) {
        let count = picture.width * picture.height
        precondition(picture.channels == .rgb && values.count == planes * count, "three planes of the picture's size")
        picture.pixels.withUnsafeBufferPointer { pixels in
            for plane in 0..<planes {
                let values = UnsafeMutableBufferPointer(rebasing: values[(plane * count)..<((plane + 1) * count)])
                for index in 0..<count { values[index] = Float(pixels[planes * index + plane]) * (1 / 255) }
            }
        }
    }

    /// The picture in RGB, rounded to nearest; what lies beyond the range becomes its end, what is no number 0.
    ///
    /// - Precondition: there are three numbers for each pixel.
    static func picture(from values: UnsafeBufferPointer<Float>, width: Int, height: Int) -> Picture {
        let count = width * height
        precondition(values.count == planes * count, "three planes of the picture's size")
        let pixels = [UInt8](unsafeUninitializedCapacity: planes * count) { pixels, filled in
            for plane in 0..<planes {
                let values = UnsafeBufferPointer(rebasing: values[(plane * count)..<((plane + 1) * count)])
                for index in 0..<count { pixels[planes * index + plane] = byte(values[index]) }
            }
            filled = planes * count
        }
        return Picture(width: width, height: height, channels: .rgb, pixels: pixels)
    }

    /// Adding 2²³ leaves no bits behind the point: the sum's last byte is the number rounded to nearest. Comparisons with
    /// what is no number are false, so that it becomes 0, and nothing traps.
    @inline(__always)
    private static func byte(_ value: Float) -> UInt8 {
        let scaled = value * 255
        let positive = scaled > 0 ? scaled : 0
        let bounded = positive < 255 ? positive : 255
        return UInt8(truncatingIfNeeded: (bounded + 8_388_608).bitPattern)
    }
}
