import Media

/// Puts enlarged tiles together, row of tiles after row of tiles, and gives out the rows of pixels that are complete.
///
/// Holds the pixels of one row of tiles, and of the next those that are blended into it.
package struct TileMosaic {
    private let grid: TileGrid
    private let scale: Int
    private let rowBytes: Int
    /// RGB, of the rows that the current row of tiles reaches.
    private var band: [UInt8] = []
    /// The last rows of the row of tiles before, to be blended into the first of this one.
    private var carried: [UInt8] = []

    private static let channels = 3

    package init(_ grid: TileGrid, scale: Int) {
        self.grid = grid
        self.scale = scale
        rowBytes = (grid.columns.kept.last?.upperBound ?? 0) * scale * Self.channels
    }

    /// Takes an enlarged window in RGB. Windows come in the order of ``TileGrid/places``.
    ///
    /// - Returns: the rows that are complete with it, RGB, from the top; empty before a row of tiles is done.
    package mutating func place(_ tile: Picture, at place: TileGrid.Place) -> [UInt8] {
        precondition(tile.channels == .rgb, "tiles are in RGB")
        if grid.count == 1 { return tile.pixels }
        let kept = grid.rows.kept[place.row]
        if place.column == 0 { band = [UInt8](repeating: 0, count: kept.count * scale * rowBytes) }
        copy(tile, place)
        return place.column == grid.columns.starts.count - 1 ? finishBand(place.row) : []
    }

    private mutating func copy(_ tile: Picture, _ place: TileGrid.Place) {
        let columns = grid.columns.kept[place.column]
        let rows = grid.rows.kept[place.row]
        let left = (columns.lowerBound - grid.columns.starts[place.column]) * scale * Self.channels
        let top = (rows.lowerBound - grid.rows.starts[place.row]) * scale
        let width = columns.count * scale * Self.channels
        let target = columns.lowerBound * scale * Self.channels
        let steps = place.column == 0 ? 0 : grid.columns.blend * scale
        let rowBytes = rowBytes
        band.withUnsafeMutableBufferPointer { band in
            tile.pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<(rows.count * scale) {
                    let from = UnsafeBufferPointer(
                        rebasing: pixels[((top + row) * tile.rowBytes + left)...].prefix(width))
                    let into = UnsafeMutableBufferPointer(
                        rebasing: band[(row * rowBytes + target)...].prefix(width))
                    for step in 0..<steps {
                        for channel in 0..<Self.channels {
                            let index = step * Self.channels + channel
                            into[index] = blended(into[index], from[index], step: step, of: steps)
                        }
                    }
                    let rest = steps * Self.channels
                    _ = UnsafeMutableBufferPointer(rebasing: into[rest...]).update(fromContentsOf: from[rest...])
                }
            }
        }
    }

    /// Blends the band's first rows with those that were carried over, and keeps its last ones for the next.
    private mutating func finishBand(_ row: Int) -> [UInt8] {
        let steps = grid.rows.blend * scale
        if row > 0 {
            for step in 0..<steps {
                for index in (step * rowBytes)..<((step + 1) * rowBytes) {
                    band[index] = blended(carried[index], band[index], step: step, of: steps)
                }
            }
        }
        let isLast = row == grid.rows.starts.count - 1
        let complete = band.count - (isLast ? 0 : steps * rowBytes)
        carried = Array(band[complete...])
        var rows: [UInt8] = []
        swap(&rows, &band)
        rows.removeLast(rows.count - complete)
        return rows
    }
}

/// A number on the way from one to another, at the middle of a step; the number itself where both are the same.
private func blended(_ first: UInt8, _ second: UInt8, step: Int, of steps: Int) -> UInt8 {
    let weight = 2 * step + 1
    return UInt8(truncatingIfNeeded: (Int(first) * (2 * steps - weight) + Int(second) * weight + steps) / (2 * steps))
}
