import Media
import Testing

/// Small files that would take much. What they take is measured in ``MeasuredPictureTests``.
@Suite("Small files made to take much time or memory")
struct BombTests {
    private let decoder = PictureDecoder(maximumPixels: 16_777_216)

    /// What the file gives.
    private func result(_ file: [UInt8]) -> Result<Picture, PictureFault> {
        Result { () throws(PictureFault) in try decoder.decode(file) }
    }

    @Test("A PNG of 60,000 × 60,000 pixels in 2 kB is refused from its header")
    func hugePNG() throws {
        #expect(try Fixture(name: "huge.png").bytes.count < 2_048)
        #expect(
            try result(Fixture(name: "huge.png").bytes)
                == .failure(.tooLarge(width: 60_000, height: 60_000, maximumPixels: 16_777_216)))
    }

    @Test("Texts and profiles that unpack to 60 MB are passed over")
    func texts() throws {
        #expect(try result(Fixture(name: "texts.png").bytes) == .success(Fixture(name: "texts.png").expected))
    }

    @Test("What is packed behind a picture's last row changes nothing")
    func stuffed() {
        #expect(result(StuffedPNG(zeros: 1 << 16).file) == .success(StuffedPNG.picture))
    }

    @Test("A progressive JPEG of 883 scans is refused after some")
    func scans() throws {
        #expect(
            try result(Fixture(name: "scans.jpg").bytes)
                == .failure(.unreadable("the JPEG file has more than 64 scans")))
    }

    @Test("A JPEG and a WebP of the largest size their headers can hold are refused from them")
    func hugeHeaders() throws {
        var jpeg = try Fixture(name: "plain.jpg").bytes
        let frame = try #require((0..<jpeg.count).first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(throws: PictureFault.tooLarge(width: 65_500, height: 65_500, maximumPixels: 16_777_216)) {
            try decoder.decode(jpeg)
        }
        var webP = try Fixture(name: "lossless.webp").bytes
        // The bytes behind the signature: 14 bits of each side, less 1.
        webP.replaceSubrange(21..<25, with: [0xFF, 0xFF, 0xFF, 0x0F])
        #expect(throws: PictureFault.tooLarge(width: 16_384, height: 16_384, maximumPixels: 16_777_216)) {
            try decoder.decode(webP)
        }
    }

    @Test("A picture of the largest size allowed that holds next to nothing is unreadable")
    func emptyLarge() throws {
        let unreadable = PictureFault.unreadable("the JPEG file is damaged or cut short")
        #expect(try result(Fixture.emptyLargeJPEG) == .failure(unreadable))
    }
}
