/// Pixels in memory: 8 bits a channel, channels interleaved, rows from the top without padding.
package struct Picture: Sendable, Equatable {
    /// What a pixel is made of; the raw value is its bytes.
    package enum Channels: Int, Sendable {
        /// One plane, such as an alpha channel on its own.
        case grey = 1
        case rgb = 3
        /// Alpha comes last. Colours are not multiplied with it.
        case rgba = 4
    }

    /// In pixels, at least 1.
    package let width: Int
    /// In pixels, at least 1.
    package let height: Int
    package let channels: Channels
    /// `height × width × channels` bytes.
    package let pixels: [UInt8]

    /// - Precondition: the pixels fill the picture exactly, and it is not empty.
    package init(width: Int, height: Int, channels: Channels, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(pixels.count == width * height * channels.rawValue, "pixels must fill the picture exactly")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// Bytes of one row.
    package var rowBytes: Int { width * channels.rawValue }
}
