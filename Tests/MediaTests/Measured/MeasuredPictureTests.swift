import Media
import SystemSupport
import TestSupport
import Testing

/// Each file has to be over in a second of processor time, and none may take half a gibibyte: what they ask for is some
/// multiple of both. One after another, for memory is the whole process's.
@Suite("What small files made to take much do take", .measured, .serialized)
struct MeasuredPictureTests {
    private func expectLittle(_ file: [UInt8]) throws {
        PeakMemory.reset()
        let (memory, time) = (try PeakMemory.bytes, ThreadTime.now)
        _ = try? PictureDecoder(maximumPixels: 16_777_216).decode(file)
        #expect(ThreadTime.now - time < .seconds(1))
        #expect(try PeakMemory.bytes - memory < 512 << 20)
    }

    @Test(
        "A PNG of 60,000 × 60,000 pixels, texts that unpack to 60 MB, a JPEG of 883 scans",
        arguments: [
            "huge.png", "texts.png", "scans.jpg",
        ])
    func fixtures(name: String) throws { try expectLittle(Fixture(name: name).bytes) }

    @Test("What is packed behind a picture's last row is not unpacked: 1 GB in 7 MB")
    func stuffed() throws { try expectLittle(StuffedPNG(zeros: 1 << 30).file) }

    @Test("A picture of the largest size allowed that holds next to nothing")
    func emptyLarge() throws { try expectLittle(Fixture.emptyLargeJPEG) }
}
