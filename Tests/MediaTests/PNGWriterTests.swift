import Media
import Testing

@Suite("Writing PNG files")
struct PNGWriterTests {
    private let decoder = PictureDecoder(maximumPixels: 1_000_000)

    @Test("What is written reads the same", arguments: [Picture.Channels.rgb, .rgba])
    func roundTrip(_ channels: Picture.Channels) throws {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (97, 61), (640, 480)] {
            let picture = Picture(patternOfWidth: width, height: height, channels: channels)
            #expect(try decoder.decode(picture.png) == picture)
        }
    }

    @Test("Rows in bands of any size make the same picture as rows at once")
    func bands() throws {
        let picture = Picture(patternOfWidth: 200, height: 150)
        for band in [1, 7, 64, 149] {
            var writer = PNGWriter(width: 200, height: 150, channels: .rgb)
            writer.write(rows: [])
            for start in stride(from: 0, to: 150, by: band) {
                let end = min(start + band, 150)
                writer.write(rows: Array(picture.pixels[(start * 600)..<(end * 600)]))
            }
            #expect(try decoder.decode(writer.finish()) == picture)
        }
    }

    @Test("Threads that share the rows write the same picture, in a file of nearly the same size")
    func threads() throws {
        for channels in [Picture.Channels.rgb, .rgba] {
            let picture = Picture(patternOfWidth: 777, height: 931, channels: channels)
            for threads in [2, 3, 8] {
                var writer = PNGWriter(width: 777, height: 931, channels: channels)
                let first = 400 * picture.rowBytes
                writer.write(rows: Array(picture.pixels[..<first]), threads: threads)
                writer.write(rows: Array(picture.pixels[first...]), threads: threads)
                let file = writer.finish()
                #expect(try decoder.decode(file) == picture)
                #expect(file.count < picture.png.count + 4_000)
            }
        }
    }

    @Test("A picture of one colour takes next to no bytes")
    func flat() throws {
        let picture = Picture(
            width: 1_000, height: 1_000, channels: .rgb, pixels: Array(repeating: 77, count: 3_000_000))
        let file = picture.png
        #expect(file.count < 20_000)
        #expect(try decoder.decode(file) == picture)
    }
}
