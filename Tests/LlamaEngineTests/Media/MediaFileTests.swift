import Inference
import TestSupport
import Testing

@Suite("Files of pictures and sounds")
struct MediaFileTests {
    /// Silence in samples of 16 bits.
    private func wav(rate: Int, bytes: Int, code: Int = 1) -> [UInt8] {
        var file = WAVFile(pcm: Array(repeating: 0, count: bytes / 2), rate: rate)
        file.code = code
        return file.bytes
    }

    private func fault(_ kind: Inference.Attachment.Kind, _ data: [UInt8]) -> String? {
        do throws(MediaFault) {
            try Inference.Attachment(kind, data: data, position: 0).check()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("Whole pictures of a fair size are taken")
    func wholePictures() {
        #expect(fault(.image, PictureFiles.png(640, 480)) == nil)
        #expect(fault(.image, PictureFiles.jpeg(640, 480)) == nil)
        #expect(fault(.image, Array("GIF89a".utf8) + [2, 0, 3, 0, 0, 0, 0, 0x3B]) == nil)
    }

    @Test("A picture cut short anywhere is refused")
    func cutPictures() {
        for whole in [PictureFiles.png(8, 8), PictureFiles.jpeg(8, 8)] {
            for length in 0..<(whole.count - 1) { #expect(fault(.image, Array(whole.prefix(length))) != nil) }
        }
    }

    @Test("More pixels than are decoded are refused, which says how many are")
    func hugePictures() {
        for huge in [
            PictureFiles.png(50_000, 50_000), PictureFiles.jpeg(60_000, 60_000),
            PictureFiles.png(0x7FFF_FFFF, 0x7FFF_FFFF),
        ] {
            #expect(fault(.image, huge)?.contains("at most 50 megapixels") == true)
        }
        #expect(fault(.image, PictureFiles.png(0, 5)) == "the picture has no pixels")
    }

    @Test("A small picture with much data, and one with many scans, are refused")
    func bombs() {
        #expect(fault(.image, PictureFiles.png(1, 1, bytes: 1 << 20))?.contains("more data") == true)
        #expect(fault(.image, PictureFiles.jpeg(8, 8, scans: 100))?.contains("scans") == true)
    }

    @Test("What is of another format is refused")
    func otherFormats() {
        #expect(fault(.image, Array("RIFF____WEBPVP8 ".utf8))?.contains("found WebP") == true)
        #expect(fault(.image, wav(rate: 16_000, bytes: 100)) != nil)
        #expect(fault(.audio, PictureFiles.png(8, 8)) == "expected the bytes of a WAV or MP3 file")
        #expect(fault(.audio, wav(rate: 16_000, bytes: 100, code: 2)) != nil)
    }

    @Test("Sounds are taken up to half an hour")
    func lengths() {
        #expect(fault(.audio, wav(rate: 16_000, bytes: 64_000)) == nil)
        #expect(fault(.audio, wav(rate: 2, bytes: 64_000))?.contains("at most 1800") == true)
        // 44.1 kHz at 128 kbit/s: frames of 417 bytes, 26 ms each.
        let frame: [UInt8] = [0xFF, 0xFB, 0x90, 0x00] + Array(repeating: 0, count: 413)
        #expect(fault(.audio, frame + frame) == nil)
        #expect(fault(.audio, Array("ID3".utf8) + Array(repeating: 0, count: 20)) == "the MP3 file holds no sound")
    }
}
