import Media
import Testing

@Suite("Decoding sound")
struct SoundDecodingTests {
    @Test("Every kind of file is read as an independent decoder hears it", arguments: SoundFixture.sounds)
    func kinds(_ file: SoundFixture) throws {
        let samples = try SoundReader(path: file.path).rest()
        let expected = try file.expected
        // Opus at 16 kHz is decoded at that rate, and by FFmpeg at 48 kHz. The goldens are in steps of 1/32767, and so
        // off by 1.5e-5; sums of floats, whose order is the decoder's and the processor's choice, are off by some 1e-6.
        // Vorbis is decoded by longer sums.
        let tolerance: Float = file.name == "opus-mono.ogg" ? 0.005 : file.name.hasSuffix("vorbis.ogg") ? 3e-4 : 4e-5
        #expect(largestDifference(samples, expected) < tolerance)
        if file.name.hasSuffix("vorbis.ogg") {
            #expect(samples.count == 4_000)
        } else {
            // The end may be rounded to either side.
            #expect(abs(samples.count - expected.count) <= 1)
        }
    }

    @Test("No fixture is left out")
    func number() {
        #expect(SoundFixture.sounds.count == 28)
        #expect(SoundFixture.others.count == 12)
    }

    @Test("The samples are the same however many are asked for at once", arguments: [1, 7, 1_000, 4_096, 100_000])
    func pieces(_ size: Int) throws {
        for name in ["stereo-44k.mp3", "stereo-24.flac", "pcm-16-2.wav", "opus-stereo.ogg"] {
            let whole = try SoundReader(path: SoundFixture(name: name).path).read(1_000_000)
            #expect(try SoundReader(path: SoundFixture(name: name).path).rest(by: size) == whole)
        }
    }

    @Test("Each piece has as many samples as were asked for, but for the last")
    func pieceSizes() throws {
        let reader = try SoundReader(path: SoundFixture(name: "stereo-44k.mp3").path)
        #expect(try (0..<6).map { _ in try reader.read(999).count } == [999, 999, 999, 999, 4, 0])
        #expect(try reader.read(1).isEmpty)
    }

    @Test("The stated length is that of the sound", arguments: SoundFixture.sounds)
    func statedLength(_ file: SoundFixture) throws {
        let reader = try SoundReader(path: file.path)
        let stated = reader.statedDuration
        guard file.name != "streamed.flac" else {
            #expect(stated == nil)
            return
        }
        let seconds = Double(try reader.rest().count) / Double(SoundReader.sampleRate)
        #expect(abs(try #require(stated) - seconds) < 1e-4)
    }

    @Test(
        "A tag before the sound is passed over",
        arguments: ["pcm-16-1.wav", "mono.flac", "mono-vorbis.ogg", "mono-16k.mp3"])
    func tagBefore(_ name: String) throws {
        let file = SoundFixture(name: name)
        // ID3v2.4 with a foot, 300 bytes of content that look like other formats.
        let tag = Array("ID3".utf8) + [4, 0, 0x10, 0, 0, 2, 44]
        let content = Array(Array(repeating: Array("caffRIFF".utf8) + [0xFF, 0xFB, 0x90, 0], count: 25).joined())
        let tagged = try tag + content + Array("3DI".utf8) + tag.dropFirst(3) + file.bytes
        #expect(try SoundReader.reading(tagged).rest() == SoundReader(path: file.path).rest())
    }

    @Test(
        "What stands behind a sound is passed over",
        arguments: ["mono-16k.mp3", "variable-no-head.mp3", "mono.flac"])
    func trailing(_ name: String) throws {
        let file = SoundFixture(name: name)
        let tag = Array("APETAGEX".utf8) + Array(repeating: 0x5A, count: 5_000)
        #expect(try SoundReader.reading(file.bytes + tag).rest() == SoundReader(path: file.path).rest())
    }

    @Test("What is no frame is passed over between frames of MP3, as is padding before the first")
    func garbageBetween() throws {
        let file = try SoundFixture(name: "mono-16k.mp3").bytes
        let frame = 216
        // The tag that FFmpeg writes, then the frame that tells the length, then sound.
        let start = try #require(file.indices.first { file[$0] == 0xFF && file[$0 + 1] & 0xE0 == 0xE0 })
        let middle = start + 6 * frame
        let padded = file[..<start] + Array(repeating: 0, count: 3_000) + file[start...]
        #expect(try SoundReader.reading(Array(padded)).rest() == SoundReader.reading(file).rest())
        let broken = file[..<middle] + Array(repeating: 0x55, count: 3_000) + file[middle...]
        let samples = try SoundReader.reading(Array(broken)).rest()
        #expect(abs(samples.count - 4_000) <= 1_152)
    }
}
