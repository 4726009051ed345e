import Foundation
import Inference
import Media
import TestSupport
import Testing

@Suite("Refusing what is no sound")
struct SoundRefusalTests {
    @Test("Other formats are refused with the four that are read", arguments: SoundFixture.others)
    func otherFormats(_ file: SoundFixture) throws {
        let fault = try #require(throws: MediaFault.self) { try SoundReader(path: file.path).rest() }
        #expect(fault.kind == .unreadable)
        switch file.name {
        case "adpcm.wav", "mp3.wav": #expect(fault.reason.contains("expected PCM of 8 to 32 bits"))
        case "flac.ogg": #expect(fault.reason.contains("expected Vorbis or Opus"))
        default: #expect(fault.reason.contains("expected a WAV, MP3, FLAC or OGG file"))
        }
    }

    @Test(
        "Common formats are called by their names",
        arguments: [("aiff", "AIFF"), ("au", "AU"), ("caf", "CAF"), ("m4a", "M4A"), ("aac", "AAC"), ("mka", "WebM")])
    func names(_ ending: String, _ name: String) throws {
        let reason = try fault(SoundFixture(name: "other.\(ending)").bytes)?.reason
        #expect(reason?.contains("found \(name)") == true || reason?.contains("such as \(name)") == true)
    }

    @Test("An empty file is refused")
    func empty() throws {
        #expect(try fault([])?.reason == "the file is empty; expected a WAV, MP3, FLAC or OGG file")
    }

    @Test(
        "Text is refused, also where it begins as other formats do",
        arguments: ["", "ID3", "RIFF0000WAVE", "OggS", "fLaC"])
    func text(_ beginning: String) throws {
        let text = beginning + String(repeating: "This is no sound, whatever it is called. ÿû\n", count: 500)
        #expect(try fault(Array(text.utf8))?.kind == .unreadable)
    }

    @Test("Bytes of chance are refused")
    func chance() throws {
        var numbers = SeededNumbers(seed: 5)
        let bytes = (0..<1_000_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        #expect(try fault(bytes)?.kind == .unreadable)
    }

    @Test("What is not a file is refused, and nothing is waited for")
    func noFile() throws {
        let folder = try TemporaryFolder()
        #expect(throws: MediaFault.self) { try SoundReader(path: folder.path) }
        #expect(throws: MediaFault.self) { try SoundReader(path: folder.path + "/nothing") }
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(throws: MediaFault.self) { try SoundReader(path: pipe) }
    }

    @Test("A rate of 0 Hz, and others that no sound has, are refused", arguments: [0, 1, 999, 384_001, 4_294_967_295])
    func rates(_ rate: Int) throws {
        #expect(try fault(WAVFile([0.5, 0.25], rate: rate).bytes)?.kind == .unreadable)
    }

    @Test("No channels, and more than 16, are refused", arguments: [0, 17, 256, 65_535])
    func channels(_ count: Int) throws {
        #expect(try fault(WAVFile(Array(repeating: 0, count: 1_000), channels: count).bytes) != nil)
    }

    @Test("A sound longer than the limit is refused by its head, with both lengths")
    func tooLong() throws {
        let bytes = WAVFile(Array(repeating: 0, count: 32_001)).bytes
        let refused = try #require(throws: MediaFault.self) {
            try SoundReader.reading(bytes, maximumSeconds: 2)
        }
        #expect(refused == MediaFault("the sound takes 2 seconds; at most 2 are read", kind: .tooLarge))
        #expect(
            try SoundReader.reading(WAVFile(Array(repeating: 0, count: 32_000)).bytes, maximumSeconds: 2).rest().count
                == 32_000)
    }

    @Test("A sound that turns out longer than the limit is refused while it is read")
    func turnsOutTooLong() throws {
        let reader = try SoundReader.reading(SoundFixture(name: "streamed.flac").bytes, maximumSeconds: 0.2)
        #expect(reader.statedDuration == nil)
        let refused = try #require(throws: MediaFault.self) { try reader.rest() }
        #expect(refused.kind == .tooLarge)
    }
}
