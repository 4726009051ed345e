/// An enlarged picture.
public struct UpscaledPicture: Sendable, Equatable {
    /// The bytes of a PNG file.
    public var png: [UInt8]
    /// In pixels.
    public var width: Int
    public var height: Int

    public init(png: [UInt8], width: Int, height: Int) {
        self.png = png
        self.width = width
        self.height = height
    }
}

/// An engine that enlarges pictures by a fixed factor.
public protocol ImageUpscalingEngine: Sendable {
    /// Cancelling the task ends the work between two tiles.
    ///
    /// - Parameter picture: the bytes of a JPEG, PNG or WebP file.
    /// - Throws: ``InferenceError``; of kind `invalidRequest` where the file cannot be read.
    func upscale(_ picture: [UInt8]) async throws -> UpscaledPicture
}
