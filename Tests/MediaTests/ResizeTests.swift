import Media
import Testing

/// Golden pixels and digests are Pillow's, from `fixtures.py`.
@Suite("Resizing")
struct ResizeTests {
    @Test(
        "Bicubic resizing gives Pillow's pixels, to the bit",
        arguments: [
            (61, 37, 97, 83), (61, 37, 20, 50), (61, 37, 13, 7), (61, 37, 61, 80), (61, 37, 122, 37), (61, 37, 61, 37),
            (61, 37, 1, 1), (3, 90, 40, 4), (1, 1, 5, 3), (2, 2, 64, 64),
        ])
    func pixels(width: Int, height: Int, newWidth: Int, newHeight: Int) throws {
        let golden = Fixture(name: "resized-\(width)x\(height)-\(newWidth)x\(newHeight)")
        let resized = Picture(patternOfWidth: width, height: height).resized(width: newWidth, height: newHeight)
        #expect(resized.largestDifference(to: try golden.expected) == 0)
    }

    @Test("So it does for large pictures, by digest")
    func digests() throws {
        let lines = String(decoding: try Fixture(name: "resized.txt").bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 14)
        for line in lines {
            let fields = line.split(separator: " ")
            let sides = fields.dropLast().compactMap { Int($0) }
            let resized = Picture(patternOfWidth: sides[0], height: sides[1]).resized(width: sides[2], height: sides[3])
            #expect(resized.digest == UInt64(fields[4], radix: 16), "\(line)")
        }
    }

    @Test("A single plane is resized as Pillow resizes grey pictures")
    func grey() throws {
        let resized = Picture(patternOfWidth: 61, height: 37, channels: .grey).resized(width: 29, height: 53)
        #expect(resized.largestDifference(to: try Fixture(name: "resized-grey").expected) == 0)
    }

    @Test("A part of the resized picture is what cropping the whole gives")
    func parts() {
        let picture = Picture(patternOfWidth: 61, height: 37)
        for (width, height) in [(97, 83), (20, 50), (13, 7)] {
            let whole = picture.resized(width: width, height: height)
            for region in [
                PixelRegion(columns: 0..<1, rows: 0..<1), PixelRegion(columns: 3..<9, rows: 2..<7),
                PixelRegion(columns: (width - 4)..<width, rows: (height - 1)..<height),
            ] {
                #expect(picture.resized(width: width, height: height, keeping: region) == whole.cropped(to: region))
            }
        }
    }

    @Test("Shortest side, then centre crop, is the same in one step as in two")
    func centreCrop() {
        for (width, height) in [(61, 37), (37, 61), (40, 40), (200, 31)] {
            let picture = Picture(patternOfWidth: width, height: height)
            let shortest = min(width, height)
            let whole = picture.resized(width: 24 * width / shortest, height: 24 * height / shortest)
            #expect(
                picture.resized(shortestSide: 24, centreCropped: 21) == whole.centreCropped(width: 21, height: 21))
        }
    }

    @Test("The middle leaves the smaller margin to the left and above")
    func middle() {
        let region = PixelRegion.middle(width: 4, height: 2, ofWidth: 9, height: 5)
        #expect(region == PixelRegion(columns: 2..<6, rows: 1..<3))
    }

    @Test("A line of a million pixels is resized and cropped without making it long")
    func veryWide() {
        let picture = Picture(
            width: 1_000_000, height: 1, channels: .rgb, pixels: Array(repeating: 200, count: 3_000_000))
        let crop = picture.resized(shortestSide: 224, centreCropped: 224)
        #expect(crop.width == 224 && crop.height == 224)
        #expect(crop.pixels.allSatisfy { $0 == 200 })
    }
}
