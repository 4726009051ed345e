import Media

/// Makes of a file of a picture what CLIP's vision tower reads.
///
/// The steps are those of the reference (transformers' `CLIPImageProcessor` over Pillow): colours without their alpha
/// channel, resized bicubically until the shortest side fits, the middle cut out, scaled, and normalised channel by
/// channel. An alpha channel is dropped and not laid over white: where a file hides colours under full transparency,
/// the model sees them, as it did in training.
package struct CLIPPreprocessor: Sendable {
    private let decoder: PictureDecoder
    private let side: Int
    private let crop: Int
    /// The normalised value of each byte, for red, green and blue.
    private let normalized: [[Float]]

    /// - Parameter maximumPixels: width times height of the largest picture that is decoded.
    package init(_ settings: CLIPPictureSettings, maximumPixels: Int) {
        decoder = PictureDecoder(maximumPixels: maximumPixels)
        side = settings.shortestSide
        crop = settings.crop
        normalized = zip(settings.mean, settings.deviation).map { mean, deviation in
            (0...255).map { Float((Double($0) * settings.scale - mean) / deviation) }
        }
    }

    /// Decodes, resizes and cuts.
    ///
    /// - Returns: the square that the model sees, in RGB.
    package func picture(from file: [UInt8]) throws(PictureFault) -> Picture {
        try decoder.decode(file).separatedAlpha.colours.resized(shortestSide: side, centreCropped: crop)
    }

    /// The model's input: row-major, shape `[3, crop, crop]`.
    package func values(of picture: Picture) -> [Float] {
        let count = picture.width * picture.height
        return [Float](unsafeUninitializedCapacity: 3 * count) { values, initialized in
            picture.pixels.withUnsafeBufferPointer { pixels in
                for channel in 0..<3 {
                    normalized[channel].withUnsafeBufferPointer { table in
                        for pixel in 0..<count {
                            values[channel * count + pixel] = table[Int(pixels[3 * pixel + channel])]
                        }
                    }
                }
            }
            initialized = 3 * count
        }
    }
}
