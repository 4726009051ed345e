import CPictures
import Dispatch
import SystemSupport

/// Writes a PNG file as its rows come, so that a large picture need not be in memory whole.
///
/// Compressed with one filter (Paeth) and runs only: 4096 × 4096 pixels take about half a second of one thread.
package struct PNGWriter: ~Copyable {
    private let writer: OpaquePointer
    private let rowBytes: Int
    private let channels: Int
    private var rowsLeft: Int
    /// The last row that was written, which the next is filtered with.
    private var lastRow: [UInt8] = []
    private var file: [UInt8] = []

    /// Fewer bytes are not worth a thread of their own; more would hold up memory, and a chunk has 2 GB at most.
    private static let (smallestPiece, largestPiece) = (256 << 10, 32 << 20)

    /// - Precondition: both sides are from 1 to 2³¹ − 1, and channels are RGB or RGBA.
    package init(width: Int, height: Int, channels: Picture.Channels) {
        precondition(channels != .grey, "RGB or RGBA is written")
        precondition((1...Int(Int32.max)).contains(width) && (1...Int(Int32.max)).contains(height), "not a PNG's size")
        guard let writer = dpais_png_writer_create(UInt32(width), UInt32(height), UInt32(channels.rawValue)) else {
            fatalError("no memory for a PNG writer")
        }
        self.writer = writer
        rowBytes = width * channels.rawValue
        self.channels = channels.rawValue
        rowsLeft = height
    }

    deinit { dpais_png_writer_free(writer) }

    /// Writes the next rows from the top.
    ///
    /// - Parameters:
    ///   - rows: any number of whole rows, pixels interleaved.
    ///   - threads: that may compress them.
    /// - Precondition: the picture has that many rows left.
    package mutating func write(rows: [UInt8], threads: Int = 1) {
        let count = rows.count / rowBytes
        precondition(rows.count == count * rowBytes && count <= rowsLeft, "whole rows, no more than the picture has")
        guard count > 0 else { return }
        let shared = min(threads, rows.count / Self.smallestPiece)
        let pieces = compressed(
            rows, count: count, in: max(1, min(count, max(shared, 1 + rows.count / Self.largestPiece))), threads)
        for piece in pieces {
            var contents = piece.contents
            guard dpais_png_writer_append(writer, &contents, piece.endsPicture) else {
                fatalError("no memory for a PNG file")
            }
            var length = 0
            let bytes = dpais_png_writer_take(writer, &length)
            file.append(contentsOf: UnsafeBufferPointer(start: bytes, count: length))
        }
        lastRow = Array(rows.suffix(rowBytes))
        rowsLeft -= count
    }

    /// Cuts rows into pieces and compresses them side by side.
    private func compressed(_ rows: [UInt8], count: Int, in pieces: Int, _ threads: Int) -> [PNGPiece] {
        let (rowBytes, channels, lastRow, endsPicture) = (rowBytes, channels, lastRow, count == rowsLeft)
        @Sendable func piece(_ number: Int) -> PNGPiece {
            PNGPiece(
                rows: rows, (count * number / pieces)..<(count * (number + 1) / pieces), above: lastRow,
                rowBytes: rowBytes, channels: channels, endsPicture: endsPicture && number == pieces - 1)
        }
        guard threads > 1, pieces > 1 else { return (0..<pieces).map(piece) }
        let made = Locked([Int: PNGPiece]())
        DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { first in
            for number in stride(from: first, to: pieces, by: threads) {
                let piece = piece(number)
                made.withLock { $0[number] = piece }
            }
        }
        return made.withLock { made in (0..<pieces).compactMap { made[$0] } }
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
