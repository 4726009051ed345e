import Inference
import Media
import TestSupport
import Testing

/// What the server reads of a file without decoding it, on the files that the decoder reads.
@Suite("Heads of picture files")
struct PictureFileTests {
    private func fault(_ file: [UInt8], within limits: PictureLimits = .upscaling) -> MediaFault? {
        do throws(MediaFault) {
            _ = try PictureFile(file, within: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test("The head tells the format, and the sides as they are stored", arguments: Fixture.pictures)
    func sides(_ file: Fixture) throws {
        let head = try PictureFile(file.bytes, within: .upscaling)
        let endings = [PictureFile.Format.jpeg: "jpg", .png: "png", .webP: "webp"]
        #expect(endings[head.format].map(file.name.hasSuffix) == true)
        let picture = try file.expected
        // An orientation may turn the picture.
        #expect([head.width, head.height].sorted() == [picture.width, picture.height].sorted())
    }

    @Test("Chat takes GIF and not WebP, embedding and upscaling the other way about")
    func formats() throws {
        let gif = try Fixture(name: "animated.gif").bytes
        let webP = try Fixture(name: "lossy.webp").bytes
        #expect(fault(gif, within: .chat) == nil)
        #expect(fault(webP, within: .chat)?.reason == "expected the bytes of a JPEG, PNG or GIF file, found WebP")
        for limits in [PictureLimits.embedding, .upscaling] {
            #expect(fault(webP, within: limits) == nil)
            #expect(fault(gif, within: limits)?.reason == "expected the bytes of a JPEG, PNG or WebP file, found GIF")
        }
        #expect(fault([])?.reason == "expected the bytes of a JPEG, PNG or WebP file, it is empty")
        #expect(
            fault(Array("a picture".utf8))?.reason
                == "expected the bytes of a JPEG, PNG or WebP file, found something else")
    }

    @Test("The limit of pixels is the caller's, and too large is a kind of its own")
    func limit() throws {
        let huge = try #require(fault(try Fixture(name: "huge.png").bytes))
        #expect(huge.kind == .tooLarge)
        #expect(huge.reason == "the picture has 60000 × 60000 pixels; at most 16777216 pixels are read")
        let file = try Fixture(name: "plain.png").bytes
        #expect(fault(file, within: PictureLimits(formats: [.png], maximumPixels: 29 * 17)) == nil)
        #expect(fault(file, within: PictureLimits(formats: [.png], maximumPixels: 29 * 17 - 1))?.kind == .tooLarge)
    }

    @Test("WebP files of all three forms are refused where they are cut short")
    func cutShort() throws {
        for name in ["lossy.webp", "lossless.webp", "lossy-alpha.webp"] {
            let file = try Fixture(name: name).bytes
            for length in 0..<(file.count - 1) {
                #expect(fault(Array(file[..<length]))?.kind == .unreadable, "\(name) cut at \(length)")
            }
        }
    }

    @Test("A WebP animation is refused")
    func animation() throws {
        let reason = fault(try Fixture(name: "animated.webp").bytes)?.reason
        #expect(reason == "the WebP file is an animation, which is not read; send one picture")
    }

    @Test("Bytes changed at random never stop the server", arguments: Fixture.pictures)
    func changed(_ file: Fixture) throws {
        let bytes = try file.bytes
        var numbers = SeededNumbers(seed: 4)
        for _ in 0..<rounds(short: 50, long: 2_000) {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                damaged[Int.random(in: damaged.indices, using: &numbers)] = .random(in: 0...255, using: &numbers)
            }
            if let fault = fault(damaged) { #expect(!fault.reason.isEmpty) }
        }
    }
}
