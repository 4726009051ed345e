import Media
import Testing

/// Small files that would take much. Each has to be over in a second of the processor's time, and none may take half a
/// gibibyte: what they ask for is some multiple of both. One after another: memory is the whole process's.
@Suite("Small files made to take much time or memory", .serialized)
struct BombTests {
    private let decoder = PictureDecoder(maximumPixels: 16_777_216)

    /// What the file gives, and checks the bounds.
    private func bounded(_ file: [UInt8]) throws -> Result<Picture, PictureFault> {
        PeakMemory.reset()
        let (memory, time) = (try PeakMemory.bytes, ThreadTime.now)
        let result = Result { () throws(PictureFault) in try decoder.decode(file) }
        #expect(ThreadTime.now - time < .seconds(1))
        #expect(try PeakMemory.bytes - memory < 512 << 20)
        return result
    }

    @Test("A PNG of 60,000 × 60,000 pixels in 2 kB is refused from its header")
    func hugePNG() throws {
        #expect(try Fixture(name: "huge.png").bytes.count < 2_048)
        #expect(
            try bounded(Fixture(name: "huge.png").bytes)
                == .failure(.tooLarge(width: 60_000, height: 60_000, maximumPixels: 16_777_216)))
    }

    @Test("Texts and profiles that unpack to 60 MB are passed over")
    func texts() throws {
        #expect(try bounded(Fixture(name: "texts.png").bytes) == .success(Fixture(name: "texts.png").expected))
    }

    @Test("What is packed behind a picture's last row is not unpacked: 1 GB in 7 MB")
    func stuffed() throws {
        let black = Picture(width: 1, height: 1, channels: .rgb, pixels: [0, 0, 0])
        let file = StuffedPNG(zeros: 1 << 30).file
        #expect(try bounded(file) == .success(black))
    }

    @Test("A progressive JPEG of 883 scans is refused after some")
    func scans() throws {
        #expect(
            try bounded(Fixture(name: "scans.jpg").bytes)
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

    @Test("A picture of the largest size allowed that holds next to nothing is unreadable, at once")
    func emptyLarge() throws {
        var jpeg = try Fixture(name: "plain.jpg").bytes
        let frame = try #require((0..<jpeg.count).first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0x10, 0, 0x10, 0])
        #expect(try bounded(jpeg) == .failure(.unreadable("the JPEG file is damaged or cut short")))
    }
}
