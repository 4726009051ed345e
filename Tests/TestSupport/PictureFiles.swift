/// Files of pictures as far as their heads go, which is all that the server reads of them.
package enum PictureFiles {
    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// - Parameter bytes: of the picture's compressed data.
    package static func png(_ width: Int, _ height: Int, bytes: Int = 20) -> [UInt8] {
        func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
            big(data.count, 4) + Array(name.utf8) + data + [0, 0, 0, 0]
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big(width, 4) + big(height, 4) + [8, 2, 0, 0, 0])
            + chunk("IDAT", Array(repeating: 13, count: bytes)) + chunk("IEND", [])
    }

    package static func jpeg(_ width: Int, _ height: Int, scans: Int = 1) -> [UInt8] {
        let scan: [UInt8] = [0xFF, 0xDA, 0, 2, 1, 2, 3]
        return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 8, 8] + big(height, 2) + big(width, 2) + [3]
            + (0..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
    }

    /// Of the lossless kind.
    package static func webP(_ width: Int, _ height: Int) -> [UInt8] {
        let sides = big((height - 1) << 14 | (width - 1), 4).reversed()
        return Array("RIFF".utf8) + [18, 0, 0, 0] + Array("WEBPVP8L".utf8) + [5, 0, 0, 0, 0x2F] + sides + [0]
    }

    package static let gif = Array("GIF89a".utf8) + [2, 0, 2, 0, 0, 0, 0, 0x3B]
}
