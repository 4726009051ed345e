import Media

/// The enlarged picture of one request as it grows: tiles come in, rows go into a PNG file. Used by one thread.
///
/// Holds a row of tiles and the file. Alpha is enlarged by bicubic interpolation beside the network, as the authors of
/// Real-ESRGAN do in their program for ncnn: a network for pictures would draw textures into it.
final class PictureAssembly {
    private let alpha: Picture?
    private let width: Int
    private let height: Int
    private var mosaic: TileMosaic
    private var writer: PNGWriter?
    private var rowsDone = 0

    init(_ source: SourcePicture, scale: Int) {
        alpha = source.alpha
        width = source.width * scale
        height = source.height * scale
        mosaic = TileMosaic(source.grid, scale: scale)
        writer = PNGWriter(width: width, height: height, channels: source.alpha == nil ? .rgb : .rgba)
    }

    /// Takes the next enlarged window, in the order of ``TileGrid/places``.
    ///
    /// - Parameter threads: that may write what is complete.
    func place(_ tile: Picture, at place: TileGrid.Place, threads: Int) {
        let rows = mosaic.place(tile, at: place)
        guard !rows.isEmpty else { return }
        let count = rows.count / (3 * width)
        writer?.write(rows: withAlpha(rows, count: count), threads: threads)
        rowsDone += count
    }

    /// The PNG file; once, after the last window.
    func finish() -> [UInt8] {
        writer.take()?.finish() ?? []
    }

    private func withAlpha(_ rows: [UInt8], count: Int) -> [UInt8] {
        guard let alpha else { return rows }
        let region = PixelRegion(columns: 0..<width, rows: rowsDone..<(rowsDone + count))
        let enlarged = alpha.resized(width: width, height: height, keeping: region)
        let pixels = width * count
        return [UInt8](unsafeUninitializedCapacity: 4 * pixels) { into, filled in
            rows.withUnsafeBufferPointer { rows in
                enlarged.pixels.withUnsafeBufferPointer { alpha in
                    for pixel in 0..<pixels {
                        for channel in 0..<3 { into[4 * pixel + channel] = rows[3 * pixel + channel] }
                        into[4 * pixel + 3] = alpha[pixel]
                    }
                }
            }
            filled = 4 * pixels
        }
    }
}
