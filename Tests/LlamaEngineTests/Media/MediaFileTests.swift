import Inference
import Testing

@Suite("Files of pictures and sounds")
struct MediaFileTests {
    private func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func png(_ width: Int, _ height: Int, data: Int = 20) -> [UInt8] {
        func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
            big(data.count, 4) + Array(name.utf8) + data + [0, 0, 0, 0]
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big(width, 4) + big(height, 4) + [8, 2, 0, 0, 0])
            + chunk("IDAT", Array(repeating: 0, count: data)) + chunk("IEND", [])
    }

    private func jpeg(_ width: Int, _ height: Int, scans: Int = 1) -> [UInt8] {
        let scan: [UInt8] = [0xFF, 0xDA, 0, 2, 1, 2, 3]
        return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 8, 8] + big(height, 2) + big(width, 2) + [3]
            + (0..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
    }

    private func wav(rate: Int, bytes: Int, format: Int = 1) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }
        let head =
            little(format, 2) + little(1, 2) + little(rate, 4) + little(rate * 2, 4) + little(2, 2) + little(16, 2)
        return Array("RIFF".utf8) + little(36 + bytes, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + head
            + Array("data".utf8) + little(bytes, 4) + Array(repeating: 0, count: bytes)
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
        #expect(fault(.image, png(640, 480)) == nil)
        #expect(fault(.image, jpeg(640, 480)) == nil)
        #expect(fault(.image, Array("GIF89a".utf8) + [2, 0, 3, 0, 0, 0, 0, 0x3B]) == nil)
    }

    @Test("A picture cut short anywhere is refused")
    func cutPictures() {
        for whole in [png(8, 8), jpeg(8, 8)] {
            for length in 0..<(whole.count - 1) { #expect(fault(.image, Array(whole.prefix(length))) != nil) }
        }
    }

    @Test("More pixels than are decoded are refused, which says how many are")
    func hugePictures() {
        for huge in [png(50_000, 50_000), jpeg(60_000, 60_000), png(0x7FFF_FFFF, 0x7FFF_FFFF)] {
            #expect(fault(.image, huge)?.contains("at most 50 megapixels") == true)
        }
        #expect(fault(.image, png(0, 5)) == "the picture has no pixels")
    }

    @Test("A small picture with much data, and one with many scans, are refused")
    func bombs() {
        #expect(fault(.image, png(1, 1, data: 1 << 20))?.contains("more data") == true)
        #expect(fault(.image, jpeg(8, 8, scans: 100))?.contains("scans") == true)
    }

    @Test("What is of another format is refused")
    func otherFormats() {
        #expect(fault(.image, Array("RIFF____WEBPVP8 ".utf8))?.contains("found WebP") == true)
        #expect(fault(.image, wav(rate: 16_000, bytes: 100)) != nil)
        #expect(fault(.audio, png(8, 8)) == "expected the bytes of a WAV or MP3 file")
        #expect(fault(.audio, wav(rate: 16_000, bytes: 100, format: 2)) != nil)
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
