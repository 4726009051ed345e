/// The formats of pictures that are decoded.
package enum PictureFormat: String, Sendable, CaseIterable {
    case jpeg = "JPEG"
    case png = "PNG"
    case webP = "WebP"

    /// The format that the file's first bytes tell of.
    ///
    /// - Throws: ``PictureFault`` where it is none of these; says which one it is, where that is a common one.
    package init(of file: [UInt8]) throws(PictureFault) {
        let bytes = ByteReader(file[...])
        if file.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.has("RIFF", at: 0), bytes.has("WEBP", at: 8) {
            self = .webP
        } else if file.isEmpty {
            throw .unreadable("the file is empty; expected a JPEG, PNG or WebP file")
        } else {
            throw .unsupported(
                "expected a JPEG, PNG or WebP file, found \(Self.otherFormat(bytes) ?? "something else")")
        }
    }

    private static func otherFormat(_ bytes: ByteReader) -> String? {
        if bytes.has("GIF8", at: 0) { return "GIF" }
        if bytes.has("BM", at: 0) { return "BMP" }
        if bytes.has("II*\0", at: 0) || bytes.has("MM\0*", at: 0) { return "TIFF" }
        if bytes.has("ftyp", at: 4) { return bytes.has("avif", at: 8) ? "AVIF" : "HEIF or a video" }
        return nil
    }
}
