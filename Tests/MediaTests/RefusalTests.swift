import Media
import Testing

@Suite("Files that are not decoded")
struct RefusalTests {
    private let decoder = PictureDecoder(maximumPixels: 16_777_216)

    private func fault(_ file: [UInt8]) -> PictureFault? {
        do throws(PictureFault) {
            _ = try decoder.decode(file)
            return nil
        } catch {
            return error
        }
    }

    @Test("CMYK, coded either way, is not supported", arguments: ["cmyk.jpg", "ycck.jpg"])
    func inks(_ name: String) throws {
        let found = "the JPEG file is in CMYK, which is not read; send it in RGB or grey"
        #expect(fault(try Fixture(name: name).bytes) == .unsupported(found))
    }

    @Test("Animations are not supported")
    func animations() throws {
        let webP = "the WebP file is an animation, which is not read; send one picture"
        #expect(fault(try Fixture(name: "animated.webp").bytes) == .unsupported(webP))
        let gif = "expected a JPEG, PNG or WebP file, found GIF"
        #expect(fault(try Fixture(name: "animated.gif").bytes) == .unsupported(gif))
    }

    @Test("Other formats are told by their name where they are common")
    func otherFormats() {
        let heads: [(String, String)] = [
            ("BM", "BMP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"), ("\0\0\0\u{18}ftypheic", "HEIF or a video"),
            ("\0\0\0\u{18}ftypavif", "AVIF"), ("<svg xmlns", "something else"), ("a picture", "something else"),
        ]
        for (head, name) in heads {
            let reason = "expected a JPEG, PNG or WebP file, found \(name)"
            #expect(fault(Array(head.utf8) + Array(repeating: 0, count: 40)) == .unsupported(reason))
        }
    }

    @Test("An empty file, and one of a format's first bytes only, are unreadable")
    func empty() {
        #expect(fault([]) == .unreadable("the file is empty; expected a JPEG, PNG or WebP file"))
        for (head, name): ([UInt8], String) in [
            ([0xFF, 0xD8, 0xFF], "JPEG"), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "PNG"),
            (Array("RIFF\0\0\0\0WEBP".utf8), "WebP"),
        ] {
            #expect(fault(head) == .unreadable("the \(name) file is damaged or cut short"))
        }
    }

    @Test("A JPEG of 12 bits a channel is not supported")
    func twelveBits() throws {
        var file = try Fixture(name: "plain.jpg").bytes
        // The frame's header: marker, length, then the bits of a sample.
        let frame = try #require((0..<file.count).first { file[$0...].starts(with: [0xFF, 0xC0]) })
        file[frame + 4] = 12
        #expect(fault(file) == .unsupported("the JPEG file is coded in a way that is not read; save it again as PNG"))
    }

    @Test("A PNG whose data ends before its picture is unreadable", arguments: ["short.png", "short-interlaced.png"])
    func shortData(_ name: String) throws {
        #expect(fault(try Fixture(name: name).bytes) == .unreadable("the PNG file is damaged or cut short"))
    }

    @Test("A bit that changed anywhere in a PNG file is found by its check sums")
    func checkSums() throws {
        let file = try Fixture(name: "palette-transparent-4.png").bytes
        for offset in file.indices {
            var damaged = file
            damaged[offset] ^= 0x10
            #expect(fault(damaged) != nil, "byte \(offset)")
        }
    }
}
