/// A picture in memory: 8 bits a channel, interleaved, rows from the top, no padding.
public struct PixelImage: Sendable, Equatable {
    public var width: Int
    public var height: Int
    /// 3 (RGB) or 4 (RGBA, not premultiplied).
    public var channels: Int
    /// `height × width × channels` bytes.
    public var pixels: [UInt8]

    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * channels, "pixels must fill the picture exactly")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }
}

/// An engine that enlarges pictures by a fixed factor.
public protocol ImageUpscalingEngine: Sendable {
    /// - Throws: ``InferenceError``.
    func upscale(_ image: PixelImage) async throws -> PixelImage
}
