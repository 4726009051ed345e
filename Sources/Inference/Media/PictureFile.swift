/// What a picture's file says of itself, read without decoding it.
package struct PictureFile: Sendable, Equatable {
    /// The raw value is the format's name.
    package enum Format: String, Sendable, CaseIterable {
        case jpeg = "JPEG"
        case png = "PNG"
        case gif = "GIF"
        case webP = "WebP"
    }

    /// Passes over the whole picture that one JPEG file may take.
    private static let maximumScans = 64

    package var format: Format
    /// As stored: an EXIF orientation may exchange the sides.
    package var width: Int
    package var height: Int

    /// - Throws: ``MediaFault`` unless the bytes are a file of one of the limits' formats from its first to its last part,
    ///   and where the decoded picture would be empty or too large.
    package init(_ data: [UInt8], within limits: PictureLimits) throws(MediaFault) {
        let format = Self.format(of: data)
        guard let format, limits.formats.contains(format) else {
            let found = data.isEmpty ? "it is empty" : "found \(format?.rawValue ?? "something else")"
            throw MediaFault("expected the bytes of a \(limits.formatNames) file, \(found)")
        }
        let file = FileBytes(data)
        switch format {
        case .jpeg: self = try Self.jpeg(file)
        case .png: self = try Self.png(file, limits)
        case .gif: self = try Self.gif(file)
        case .webP: self = try Self.webP(file)
        }
        try check(limits)
    }

    init(_ format: Format, width: Int, height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    private static func format(of data: [UInt8]) -> Format? {
        let file = FileBytes(data)
        if data.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if file.has("GIF87a") || file.has("GIF89a") { return .gif }
        if file.has("RIFF"), file.has("WEBP", at: 8) { return .webP }
        return nil
    }

    private func check(_ limits: PictureLimits) throws(MediaFault) {
        guard width > 0, height > 0 else { throw MediaFault("the picture has no pixels") }
        guard width <= limits.maximumPixels / height else {
            throw MediaFault(
                "the picture has \(width) × \(height) pixels; at most \(limits.pixelCount) are read", kind: .tooLarge)
        }
    }

    static let cutShort = MediaFault("the picture's file is damaged or cut short")

    // MARK: PNG (ISO/IEC 15948)

    private static func png(_ file: FileBytes, _ limits: PictureLimits) throws(MediaFault) -> PictureFile {
        guard file.has("IHDR", at: 12), let width = file.big(16, bytes: 4), let height = file.big(20, bytes: 4),
            let depth = file.byte(24), let colour = file.byte(25)
        else { throw cutShort }
        let picture = PictureFile(.png, width: width, height: height)
        // Before its rows are counted, which for any sides could be more than a number holds.
        try picture.check(limits)
        var offset = 8
        var compressed = 0
        while !file.has("IEND", at: offset + 4) {
            guard let length = file.big(offset, bytes: 4), offset + 12 + length <= file.count else { throw cutShort }
            if file.has("IDAT", at: offset + 4) { compressed += length }
            offset += 12 + length
        }
        guard offset + 12 <= file.count else { throw cutShort }
        let channels = [2: 3, 4: 2, 6: 4][colour] ?? 1
        // Rows, each with the byte that names its filter; interlacing makes more of them, in all at most twice.
        let rows = 2 * height * (1 + (width * channels * depth + 7) / 8)
        guard compressed <= rows + (64 << 10) else {
            throw MediaFault("the picture's file holds more data than a picture of its size")
        }
        return picture
    }

    // MARK: JPEG (ISO/IEC 10918-1)

    private static func jpeg(_ file: FileBytes) throws(MediaFault) -> PictureFile {
        var picture: PictureFile?
        var offset = 2
        while let marker = file.byte(offset + 1), file.byte(offset) == 0xFF {
            switch marker {
            case 0xFF: offset += 1
            case 0x01, 0xD0...0xD7: offset += 2
            case 0xDA:
                guard let picture else { throw cutShort }
                try checkScans(file, from: offset)
                return picture
            default:
                guard let length = file.big(offset + 2, bytes: 2), length >= 2 else { throw cutShort }
                if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                    guard let height = file.big(offset + 5, bytes: 2), let width = file.big(offset + 7, bytes: 2) else {
                        throw cutShort
                    }
                    picture = PictureFile(.jpeg, width: width, height: height)
                }
                offset += 2 + length
            }
        }
        throw cutShort
    }

    /// Where pictures are coded a marker's first byte never stands alone, so that markers can be found without decoding.
    private static func checkScans(_ file: FileBytes, from start: Int) throws(MediaFault) {
        var scans = 0
        var offset = start
        while offset + 1 < file.count {
            if file.bytes[offset] == 0xFF {
                if file.bytes[offset + 1] == 0xD9 { return }
                if file.bytes[offset + 1] == 0xDA { scans += 1 }
                guard scans <= maximumScans else {
                    throw MediaFault("the picture's file has more than \(maximumScans) scans")
                }
            }
            offset += 1
        }
        throw cutShort
    }

    // MARK: GIF

    private static func gif(_ file: FileBytes) throws(MediaFault) -> PictureFile {
        guard let width = file.little(6, bytes: 2), let height = file.little(8, bytes: 2), file.bytes.last == 0x3B
        else {
            throw cutShort
        }
        return PictureFile(.gif, width: width, height: height)
    }
}
