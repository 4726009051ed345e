import CPictures

/// Writes a PNG file as its rows come, so that a large picture need not be in memory whole.
///
/// Compressed with one filter (Paeth) and runs only: 4096 × 4096 pixels take about half a second.
package struct PNGWriter: ~Copyable {
    private let writer: OpaquePointer
    private let rowBytes: Int
    private var rowsLeft: Int
    private var file: [UInt8] = []

    /// - Precondition: both sides are from 1 to 2³¹ − 1, and channels are RGB or RGBA.
    package init(width: Int, height: Int, channels: Picture.Channels) {
        precondition(channels != .grey, "RGB or RGBA is written")
        precondition((1...Int(Int32.max)).contains(width) && (1...Int(Int32.max)).contains(height), "not a PNG's size")
        guard let writer = dpais_png_writer_create(UInt32(width), UInt32(height), UInt32(channels.rawValue)) else {
            fatalError("no memory for a PNG writer")
        }
        self.writer = writer
        rowBytes = width * channels.rawValue
        rowsLeft = height
    }

    deinit { dpais_png_writer_free(writer) }

    /// Writes the next rows from the top.
    ///
    /// - Parameter rows: any number of whole rows, pixels interleaved.
    /// - Precondition: the picture has that many rows left.
    package mutating func write(rows: [UInt8]) {
        let count = rows.count / rowBytes
        precondition(rows.count == count * rowBytes && count <= rowsLeft, "whole rows, no more than the picture has")
        guard dpais_png_writer_write(writer, rows, UInt32(count)) else { fatalError("no memory for a PNG file") }
        rowsLeft -= count
        var length = 0
        let bytes = dpais_png_writer_take(writer, &length)
        file.append(contentsOf: UnsafeBufferPointer(start: bytes, count: length))
    }

    /// The file.
    ///
    /// - Precondition: all rows are written.
    package consuming func finish() -> [UInt8] {
        precondition(rowsLeft == 0, "\(rowsLeft) rows are missing")
        return file
    }
}

extension Picture {
    /// The bytes of a PNG file.
    package var png: [UInt8] {
        var writer = PNGWriter(width: width, height: height, channels: channels)
        writer.write(rows: pixels)
        return writer.finish()
    }
}
