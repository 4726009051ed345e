/// What a picture's file says of itself, read without decoding it.
package struct PictureFile: Sendable, Equatable {
    /// Pixels of the largest picture that is decoded.
    package static let maximumPixels = 50_000_000
    /// Passes over the whole picture that one JPEG file may take.
    private static let maximumScans = 64

    package var width: Int
    package var height: Int

    /// - Throws: ``MediaFault`` unless the bytes are a JPEG, PNG or GIF file from its first to its last part.
    package init(_ data: [UInt8]) throws(MediaFault) {
        let file = FileBytes(data)
        if data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = try Self.png(file)
        } else if data.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = try Self.jpeg(file)
        } else if file.has("GIF87a") || file.has("GIF89a") {
            self = try Self.gif(file)
        } else {
            let found = file.has("RIFF") && file.has("WEBP", at: 8) ? "found WebP" : "found something else"
            throw MediaFault("expected the bytes of a JPEG, PNG or GIF file, \(found)")
        }
    }

    private init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// - Throws: ``MediaFault`` where the decoded picture would be empty or too large.
    package func check() throws(MediaFault) {
        guard width > 0, height > 0 else { throw MediaFault("the picture has no pixels") }
        guard width <= Self.maximumPixels / height else {
            throw MediaFault(
                "the picture has \(width) × \(height) pixels; at most \(Self.maximumPixels / 1_000_000) megapixels are read"
            )
        }
    }

    private static let cutShort = MediaFault("the picture's file is damaged or cut short")

    // MARK: PNG (ISO/IEC 15948)

    private static func png(_ file: FileBytes) throws(MediaFault) -> PictureFile {
        guard file.has("IHDR", at: 12), let width = file.big(16, bytes: 4), let height = file.big(20, bytes: 4),
            let depth = file.byte(24), let colour = file.byte(25)
        else { throw cutShort }
        let picture = PictureFile(width: width, height: height)
        try picture.check()
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
                    picture = PictureFile(width: width, height: height)
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
        return PictureFile(width: width, height: height)
    }
}
