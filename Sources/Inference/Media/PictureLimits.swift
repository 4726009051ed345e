/// Which files of pictures are taken.
package struct PictureLimits: Sendable, Equatable {
    /// In the order in which messages name them.
    package var formats: [PictureFile.Format]
    /// Width times height of the largest picture.
    package var maximumPixels: Int

    package init(formats: [PictureFile.Format], maximumPixels: Int) {
        self.formats = formats
        self.maximumPixels = maximumPixels
    }

    /// What llama.cpp's decoder reads.
    package static let chat = PictureLimits(formats: [.jpeg, .png, .gif], maximumPixels: 50_000_000)
    /// What the media room reads; a picture to be embedded is made small, one to be upscaled gets 16 times its pixels.
    package static let embedding = PictureLimits(formats: [.jpeg, .png, .webP], maximumPixels: 50_000_000)
    package static let upscaling = PictureLimits(formats: [.jpeg, .png, .webP], maximumPixels: 4_096 * 4_096)

    /// Such as "JPEG, PNG or GIF".
    var formatNames: String {
        let names = formats.map(\.rawValue)
        return (names.dropLast().isEmpty ? "" : names.dropLast().joined(separator: ", ") + " or ") + (names.last ?? "")
    }

    /// Such as "50 megapixels".
    var pixelCount: String {
        maximumPixels % 1_000_000 == 0 ? "\(maximumPixels / 1_000_000) megapixels" : "\(maximumPixels) pixels"
    }
}
