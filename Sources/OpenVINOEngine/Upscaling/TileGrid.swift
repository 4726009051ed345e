import Media

/// Cuts a picture into windows of one size that overlap, row after row.
package struct TileGrid: Sendable, Equatable {
    /// A window by its row and column in the grid.
    package struct Place: Sendable, Equatable {
        package var row: Int
        package var column: Int
    }

    package let columns: TileLine
    package let rows: TileLine

    /// A window may be so many times as wide as the side of the largest square, where it is that much lower.
    private static let mostElongated = 4

    package init(width: Int, height: Int, settings: UpscalerSettings) {
        rows = TileLine(length: height, maximum: settings.tile, context: settings.context, blend: settings.blend)
        let widest = min(settings.tile * settings.tile / rows.window, Self.mostElongated * settings.tile)
        columns = TileLine(length: width, maximum: widest, context: settings.context, blend: settings.blend)
    }

    package var count: Int { columns.starts.count * rows.starts.count }

    package var places: [Place] {
        rows.starts.indices.flatMap { row in columns.starts.indices.map { Place(row: row, column: $0) } }
    }

    /// The pixels of the picture that a window takes.
    package func region(_ place: Place) -> PixelRegion {
        PixelRegion(columns: columns.range(place.column), rows: rows.range(place.row))
    }
}
