import Media
import Testing

@Suite("Decoding pictures")
struct DecodingTests {
    private let decoder = PictureDecoder(maximumPixels: 1_000_000)

    @Test("Every kind of file decodes to the pixels an independent reader sees", arguments: Fixture.pictures)
    func kinds(_ file: Fixture) throws {
        let picture = try decoder.decode(file.bytes)
        let difference = try #require(picture.largestDifference(to: file.expected))
        // JPEG and lossy WebP: Pillow has other versions of the same libraries, whose rounding may be another.
        #expect(difference <= (file.isLossless ? 0 : 2))
    }

    @Test("No fixture is left out")
    func number() {
        #expect(Fixture.pictures.count == 50)
    }

    @Test("All eight orientations of EXIF show the same picture upright", arguments: 1...8)
    func orientations(_ orientation: Int) throws {
        let stored = try decoder.decode(Fixture(name: "orientation-1.jpg").bytes)
        let shown = try decoder.decode(Fixture(name: "orientation-\(orientation).jpg").bytes)
        let exchanges = orientation > 4
        #expect(shown.width == (exchanges ? stored.height : stored.width))
        #expect(shown.height == (exchanges ? stored.width : stored.height))
        // Where the stored picture's first pixel comes to lie: the tag's definition, "0th row, 0th column".
        let (right, bottom) = (shown.width - 1, shown.height - 1)
        let corner = [
            (0, 0), (right, 0), (right, bottom), (0, bottom), (0, 0), (right, 0), (right, bottom), (0, bottom),
        ]
        let (x, y) = corner[orientation - 1]
        let offset = y * shown.rowBytes + 3 * x
        #expect(shown.pixels[offset..<(offset + 3)] == stored.pixels[..<3])
    }

    @Test("A block of EXIF that makes no sense leaves the picture as it is stored")
    func senselessEXIF() throws {
        let whole = try Fixture(name: "orientation-6.jpg").bytes
        let upright = try Fixture(name: "orientation-1.jpg").expected
        let block = try #require((0..<whole.count).first { whole[$0...].starts(with: Array("Exif".utf8)) }) + 6
        // The byte order; the offset of the directory; the number of its entries, beyond the block.
        for (place, byte) in [(block, UInt8(0x58)), (block + 4, 0xFF), (block + 8, 0xFF)] {
            var file = whole
            file[place] = byte
            let picture = try decoder.decode(file)
            let turned = picture.width != upright.width
            #expect(turned == (place == block + 8))
        }
    }

    @Test("What stands behind the picture's end is passed over", arguments: ["plain.jpg", "plain.png", "lossy.webp"])
    func trailing(_ name: String) throws {
        let file = Fixture(name: name)
        #expect(try decoder.decode(file.bytes + Array(repeating: 0x5A, count: 1_000)) == decoder.decode(file.bytes))
    }

    @Test("A picture of exactly the limit is decoded, one pixel more is refused with both figures")
    func limit() throws {
        let file = try Fixture(name: "plain.png").bytes
        #expect(try PictureDecoder(maximumPixels: 29 * 17).decode(file).width == 29)
        #expect(throws: PictureFault.tooLarge(width: 29, height: 17, maximumPixels: 29 * 17 - 1)) {
            try PictureDecoder(maximumPixels: 29 * 17 - 1).decode(file)
        }
    }
}
