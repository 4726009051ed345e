import Media
import Testing

@Suite("Alpha")
struct AlphaTests {
    @Test("On white paper a picture looks as Pillow pastes it")
    func onWhite() throws {
        let picture = Picture(patternOfWidth: 64, height: 64, channels: .rgba)
        #expect(picture.onWhite.largestDifference(to: try Fixture(name: "on-white").expected) == 0)
    }

    @Test("A picture without alpha stays itself")
    func noAlpha() {
        let picture = Picture(patternOfWidth: 5, height: 4)
        #expect(picture.onWhite == picture)
        #expect(picture.separatedAlpha.colours == picture)
        #expect(picture.separatedAlpha.alpha == nil)
    }

    @Test("Colours and alpha come apart")
    func separated() throws {
        let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let (colours, alpha) = Picture(width: 2, height: 1, channels: .rgba, pixels: pixels).separatedAlpha
        #expect(colours == Picture(width: 2, height: 1, channels: .rgb, pixels: [1, 2, 3, 5, 6, 7]))
        #expect(alpha == Picture(width: 2, height: 1, channels: .grey, pixels: [4, 8]))
    }
}
