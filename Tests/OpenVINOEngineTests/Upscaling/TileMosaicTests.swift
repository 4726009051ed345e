import Media
import OpenVINOEngine
import Testing

@Suite struct TileMosaicTests {
    /// Cuts a picture, enlarges each window by repeating pixels, and puts them together.
    private func reassembled(_ picture: Picture, _ settings: UpscalerSettings) -> (rows: [UInt8], counts: [Int]) {
        let grid = TileGrid(width: picture.width, height: picture.height, settings: settings)
        var mosaic = TileMosaic(grid, scale: settings.scale)
        var (rows, counts) = ([UInt8](), [Int]())
        for place in grid.places {
            let complete = mosaic.place(picture.cropped(to: grid.region(place)).repeated(settings.scale), at: place)
            rows += complete
            if !complete.isEmpty { counts.append(complete.count / (3 * settings.scale * picture.width)) }
        }
        return (rows, counts)
    }

    @Test(arguments: [(7, 5), (64, 64), (65, 200), (301, 97)]) func `tiles that agree make the whole picture`(
        width: Int, height: Int
    ) {
        let picture = Picture.noise(width: width, height: height)
        for (context, blend) in [(0, 0), (3, 0), (2, 5)] {
            let settings = UpscalerSettings(scale: 3, context: context, blend: blend, tile: 40)
            #expect(reassembled(picture, settings).rows == picture.repeated(3).pixels)
        }
    }

    @Test func `rows are given out as soon as they are complete`() {
        // Rows of tiles: 0–40, 28–68 and 56–96, of which those in the middle of each overlap are shared.
        let settings = UpscalerSettings(scale: 2, context: 3, blend: 6, tile: 40)
        let counts = reassembled(.noise(width: 10, height: 96), settings).counts
        #expect(counts == [62, 56, 74])
    }

    @Test func `tiles that disagree pass into each other in even steps`() {
        let settings = UpscalerSettings(scale: 1, context: 1, blend: 10, tile: 40)
        let grid = TileGrid(width: 60, height: 60, settings: settings)
        var mosaic = TileMosaic(grid, scale: 1)
        var rows: [UInt8] = []
        for place in grid.places {
            let value = UInt8(place.column * 100 + place.row * 50)
            let size = grid.columns.window * grid.rows.window * 3
            let tile = Picture(
                width: grid.columns.window, height: grid.rows.window, channels: .rgb,
                pixels: [UInt8](repeating: value, count: size))
            rows += mosaic.place(tile, at: place)
        }
        let across = (0..<60).map { rows[3 * $0] }
        #expect(
            across == Array(repeating: 0, count: 25) + stride(from: 5, to: 100, by: 10)
                + Array(repeating: 100, count: 25))
        let down = (0..<60).map { rows[3 * 60 * $0] }
        // Halves are rounded up.
        #expect(
            down == Array(repeating: 0, count: 25) + [3, 8, 13, 18, 23, 28, 33, 38, 43, 48]
                + Array(repeating: 50, count: 25))
    }
}

extension Picture {
    /// Colours without a pattern, the same in every run.
    static func noise(width: Int, height: Int, channels: Channels = .rgb) -> Picture {
        var numbers = Numbers(width * 1000 + height)
        let count = width * height * channels.rawValue
        return Picture(
            width: width, height: height, channels: channels,
            pixels: (0..<count).map { _ in UInt8((numbers.next() + 1) * 127) })
    }

    /// Every pixel `factor` times in each direction.
    func repeated(_ factor: Int) -> Picture {
        var pixels: [UInt8] = []
        let size = channels.rawValue
        for y in 0..<(height * factor) {
            for x in 0..<(width * factor) {
                let start = y / factor * rowBytes + x / factor * size
                pixels += self.pixels[start..<(start + size)]
            }
        }
        return Picture(width: width * factor, height: height * factor, channels: channels, pixels: pixels)
    }
}
