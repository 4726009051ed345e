/// The block of EXIF in a picture's file (CIPA DC-008), found without decoding the picture.
enum EXIFBlock {
    /// The block from its TIFF header on; `nil` where the file has none.
    static func find(in file: [UInt8], of format: PictureFormat) -> ArraySlice<UInt8>? {
        let bytes = ByteReader(file[...])
        return switch format {
        case .jpeg: inJPEG(bytes)
        case .png: inPNG(bytes)
        case .webP: inWebP(bytes)
        }
    }

    /// In a segment APP1, before the first scan.
    private static func inJPEG(_ file: ByteReader) -> ArraySlice<UInt8>? {
        var offset = 2
        while let lead = file.big(offset, count: 1), lead == 0xFF, let marker = file.big(offset + 1, count: 1) {
            switch marker {
            // A byte of filling; markers without a length.
            case 0xFF: offset += 1
            case 0x01, 0xD0...0xD7: offset += 2
            case 0xD9, 0xDA: return nil
            default:
                guard let length = file.big(offset + 2, count: 2), length >= 2 else { return nil }
                if marker == 0xE1, length >= 8, file.has("Exif\0\0", at: offset + 4) {
                    return file.slice(offset + 10, count: length - 8)
                }
                offset += 2 + length
            }
        }
        return nil
    }

    /// In a chunk eXIf, before or behind the picture.
    private static func inPNG(_ file: ByteReader) -> ArraySlice<UInt8>? {
        var offset = 8
        while let length = file.big(offset, count: 4), !file.has("IEND", at: offset + 4) {
            if file.has("eXIf", at: offset + 4) { return file.slice(offset + 8, count: length) }
            offset += 12 + length
        }
        return nil
    }

    /// In a chunk EXIF, which some writers begin as JPEG's segment does.
    private static func inWebP(_ file: ByteReader) -> ArraySlice<UInt8>? {
        guard file.has("VP8X", at: 12) else { return nil }
        var offset = 12
        while let length = file.little(offset + 4, count: 4) {
            if file.has("EXIF", at: offset) {
                let prefix = length >= 6 && file.has("Exif\0\0", at: offset + 8) ? 6 : 0
                return file.slice(offset + 8 + prefix, count: length - prefix)
            }
            // Chunks begin at even places.
            offset += 8 + length + length % 2
        }
        return nil
    }
}
