import Inference
import Media
import SystemSupport
import TestSupport
import Testing

@Suite("What sounds take", .measured, .serialized)
struct MeasuredSoundTests {
    @Test("What lets a decoder search in vain is given up after 2 seconds of processor time in each call")
    func searchInVain() throws {
        let file = try SoundFixture.pagesInVain()
        let begun = ThreadTime.now
        #expect(try fault(file)?.kind == .unreadable)
        #expect(ThreadTime.now - begun < .seconds(6))
    }

    @Test("A damaged file takes a fifth of a second of processor time at most", arguments: SoundFixture.sounds)
    func damaged(_ file: SoundFixture) throws {
        var bytes = try file.bytes
        for index in stride(from: 100, to: bytes.count, by: 97) { bytes[index] ^= 0x55 }
        let begun = ThreadTime.now
        _ = try? SoundReader.reading(bytes, maximumSeconds: 60).rest()
        #expect(ThreadTime.now - begun < .milliseconds(200))
    }

    @Test("Ten minutes of two channels take no more memory than a second")
    func long() throws {
        try withTemporaryFolder { folder in
            let path = try SoundFixture.tenMinutes(in: folder)
            PeakMemory.reset()
            let before = try PeakMemory.bytes
            _ = try SoundFixture.count(SoundReader(path: path))
            #expect(try PeakMemory.bytes - before < 32 << 20)
        }
    }
}
