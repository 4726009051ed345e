import CPictures

/// Rows of a picture, filtered and compressed: a piece of a PNG file's image data.
final class PNGPiece: Sendable {
    let contents: dpais_png_piece
    let endsPicture: Bool

    /// - Parameters:
    ///   - rows: of which a range is compressed, pixels interleaved.
    ///   - above: the row before all of these; empty where there is none.
    ///   - endsPicture: whether the last row of the range is the picture's.
    init(
        rows: [UInt8], _ range: Range<Int>, above: [UInt8], rowBytes: Int, channels: Int, endsPicture: Bool
    ) {
        var contents = dpais_png_piece()
        let isWell = rows.withUnsafeBufferPointer { rows in
            above.withUnsafeBufferPointer { above in
                let start = rows.baseAddress.map { $0 + range.lowerBound * rowBytes }
                let last = above.isEmpty ? nil : above.baseAddress
                return dpais_png_compress(
                    start, range.lowerBound > 0 ? start.map { $0 - rowBytes } : last, range.count, rowBytes,
                    UInt32(channels), endsPicture, &contents)
            }
        }
        guard isWell else { fatalError("no memory for a PNG file") }
        self.contents = contents
        self.endsPicture = endsPicture
    }

    deinit {
        var contents = contents
        dpais_png_piece_free(&contents)
    }
}

extension dpais_png_piece: @unchecked @retroactive Sendable {}
