/// A rectangle of pixels, counted from the upper left corner.
package struct PixelRegion: Sendable, Equatable {
    package var columns: Range<Int>
    package var rows: Range<Int>

    package init(columns: Range<Int>, rows: Range<Int>) {
        self.columns = columns
        self.rows = rows
    }

    /// The middle of a picture; where the margins cannot be equal, the left and upper ones are smaller by a pixel.
    ///
    /// - Precondition: the middle is not larger than the picture.
    package static func middle(width: Int, height: Int, ofWidth outerWidth: Int, height outerHeight: Int) -> PixelRegion
    {
        precondition(width <= outerWidth && height <= outerHeight, "the middle cannot be larger than the whole")
        let (left, top) = ((outerWidth - width) / 2, (outerHeight - height) / 2)
        return PixelRegion(columns: left..<(left + width), rows: top..<(top + height))
    }
}

extension Picture {
    /// - Precondition: the region lies in the picture and is not empty.
    package func cropped(to region: PixelRegion) -> Picture {
        precondition(region.columns.lowerBound >= 0 && region.columns.upperBound <= width, "columns of the picture")
        precondition(region.rows.lowerBound >= 0 && region.rows.upperBound <= height, "rows of the picture")
        let size = channels.rawValue
        var kept: [UInt8] = []
        kept.reserveCapacity(region.columns.count * region.rows.count * size)
        for row in region.rows {
            let start = row * rowBytes + region.columns.lowerBound * size
            kept += pixels[start..<(start + region.columns.count * size)]
        }
        return Picture(width: region.columns.count, height: region.rows.count, channels: channels, pixels: kept)
    }

    /// The middle of the picture, see ``PixelRegion/middle(width:height:ofWidth:height:)``.
    package func centreCropped(width: Int, height: Int) -> Picture {
        cropped(to: .middle(width: width, height: height, ofWidth: self.width, height: self.height))
    }
}
