import CPictures

/// Decodes JPEG, PNG and WebP files.
///
/// Pixels are those that the file stores: colour profiles and gamma are not applied, 16 bits a channel are scaled to 8 and
/// rounded to nearest. The EXIF orientation is applied. What stands behind the picture's end is passed over.
///
/// Refused are files that are damaged or cut short as far as their format lets it be known, which in PNG is any change
/// (check sums) and in JPEG a scan that ends early or cannot be decoded; more than one picture shown in turn; CMYK; and,
/// from the header and before any memory is taken for them, too many pixels.
package struct PictureDecoder: Sendable {
    /// Width times height of the largest picture that is decoded.
    package var maximumPixels: Int

    package init(maximumPixels: Int) {
        self.maximumPixels = maximumPixels
    }

    /// - Returns: the picture in RGB, or in RGBA where the file has an alpha channel or a transparent colour.
    package func decode(_ file: [UInt8]) throws(PictureFault) -> Picture {
        let format = try PictureFormat(of: file)
        let codec = format.codec
        var header = dpais_picture_header()
        try format.check(codec.header(file, file.count, &header))

        let (width, height) = (Int(header.width), Int(header.height))
        guard width * height <= maximumPixels else {
            throw .tooLarge(width: width, height: height, maximumPixels: maximumPixels)
        }
        let channels: Picture.Channels = header.has_alpha ? .rgba : .rgb
        let size = width * height * channels.rawValue
        var status = DPAIS_PICTURE_OK
        let pixels = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            status = codec.pixels(file, file.count, memory.baseAddress, size)
            count = status == DPAIS_PICTURE_OK ? size : 0
        }
        try format.check(status)

        let picture = Picture(width: width, height: height, channels: channels, pixels: pixels)
        guard let exif = EXIFBlock.find(in: file, of: format) else { return picture }
        return picture.oriented(Orientation(exif: exif))
    }
}

extension PictureFormat {
    fileprivate typealias Codec = (
        header: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<dpais_picture_header>?) -> dpais_picture_status,
        pixels: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int) -> dpais_picture_status
    )

    fileprivate var codec: Codec {
        switch self {
        case .jpeg: (dpais_jpeg_header, dpais_jpeg_pixels)
        case .png: (dpais_png_header, dpais_png_pixels)
        case .webP: (dpais_webp_header, dpais_webp_pixels)
        }
    }

    fileprivate func check(_ status: dpais_picture_status) throws(PictureFault) {
        switch status {
        case DPAIS_PICTURE_OK: return
        case DPAIS_PICTURE_INKS:
            throw .unsupported("the \(rawValue) file is in CMYK, which is not read; send it in RGB or grey")
        case DPAIS_PICTURE_ANIMATED:
            throw .unsupported("the \(rawValue) file is an animation, which is not read; send one picture")
        case DPAIS_PICTURE_UNSUPPORTED:
            throw .unsupported("the \(rawValue) file is coded in a way that is not read; save it again as PNG")
        case DPAIS_PICTURE_TOO_MANY_SCANS:
            throw .unreadable("the \(rawValue) file has more than \(DPAIS_JPEG_MAXIMUM_SCANS) scans")
        case DPAIS_PICTURE_NO_MEMORY:
            throw .unreadable("there is not enough memory to decode the \(rawValue) file")
        default:
            throw .unreadable("the \(rawValue) file is damaged or cut short")
        }
    }
}
