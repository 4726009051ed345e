import OpenVINOEngine
import Testing

@Suite struct TileLineTests {
    @Test func `a side that fits is one window`() {
        let line = TileLine(length: 100, maximum: 100, context: 10, blend: 5)
        #expect(line.window == 100)
        #expect(line.starts == [0])
        #expect(line.kept == [0..<100])
    }

    @Test func `two windows overlap by twice the context and the blend, which lies in the middle`() {
        // 2 × 65 − 29 = 101: they overlap by more than 25, so that the second begins at a multiple of 4.
        let line = TileLine(length: 101, maximum: 100, context: 10, blend: 5)
        #expect(line.window == 65)
        #expect(line.starts == [0, 36])
        #expect(line.kept == [0..<53, 48..<101])
    }

    @Test func `windows are no longer than it takes`() {
        // Three of 100 would do for 244; they need only be 86.
        let line = TileLine(length: 202, maximum: 100, context: 10, blend: 5)
        #expect(line.starts.count == 3)
        #expect(line.window == 86)
    }

    @Test(arguments: [(10, 5), (16, 32), (18, 0), (0, 0), (1, 1)])
    func `whatever the length, all of it is covered with enough context on both sides`(context: Int, blend: Int) {
        for length in stride(from: 1, to: 3000, by: 7) {
            let line = TileLine(length: length, maximum: 160, context: context, blend: blend)
            #expect(line.window <= 160)
            #expect(line.kept[0].lowerBound == 0)
            #expect(line.kept[line.kept.count - 1].upperBound == length)
            #expect(line.range(line.starts.count - 1).upperBound == length)
            #expect(line.starts.allSatisfy { $0.isMultiple(of: 4) })
            for index in line.starts.indices.dropFirst() {
                let (left, right) = (line.kept[index - 1], line.kept[index])
                // Neighbours share the blend, and nothing else.
                #expect(left.upperBound - right.lowerBound == blend)
                #expect(line.range(index - 1).upperBound - left.upperBound >= context)
                #expect(right.lowerBound - line.starts[index] >= context)
            }
        }
    }

    @Test func `a low picture has wide windows`() {
        let settings = UpscalerSettings(scale: 2, context: 1, blend: 0, tile: 64)
        let grid = TileGrid(width: 1000, height: 32, settings: settings)
        #expect(grid.rows.window == 32)
        #expect((112...128).contains(grid.columns.window))
        #expect(TileGrid(width: 1000, height: 1, settings: settings).columns.window <= 256)
    }
}
