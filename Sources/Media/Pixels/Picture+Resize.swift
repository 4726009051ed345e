extension Picture {
    /// The picture resized by bicubic interpolation, with antialiasing where it shrinks; equal to Pillow's
    /// `resize((width, height), BICUBIC)`, to the bit. See ``ResampleWeights``.
    ///
    /// - Parameter region: the part of the resized picture that is wanted; `nil` is all of it. Only what that part takes
    ///   is computed, in time and memory.
    /// - Precondition: the picture has no alpha channel (colours would have to be multiplied with it), the sides are at
    ///   least 1, and the region lies within them and is not empty.
    package func resized(width: Int, height: Int, keeping region: PixelRegion? = nil) -> Picture {
        precondition(channels != .rgba, "take the alpha channel off first")
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        let region = region ?? PixelRegion(columns: 0..<width, rows: 0..<height)
        precondition(region.columns.lowerBound >= 0 && region.columns.upperBound <= width, "columns of the result")
        precondition(region.rows.lowerBound >= 0 && region.rows.upperBound <= height, "rows of the result")
        let across = ResampleWeights(from: self.width, to: width, keeping: region.columns)
        let down = ResampleWeights(from: self.height, to: height, keeping: region.rows)
        let narrowed = resampledAcross(across, rows: down.sources)
        let pixels = resampledDown(narrowed, rowBytes: region.columns.count * channels.rawValue, by: down)
        return Picture(width: region.columns.count, height: region.rows.count, channels: channels, pixels: pixels)
    }

    /// The picture resized until its shortest side has so many pixels, and the middle of that; in one step, which takes
    /// no more memory for a picture that is very wide than for any other. The longer side is rounded down.
    ///
    /// - Precondition: as of ``resized(width:height:keeping:)``, and the crop is no larger than the shortest side.
    package func resized(shortestSide side: Int, centreCropped crop: Int) -> Picture {
        let shortest = min(width, height)
        let (resizedWidth, resizedHeight) = (side * width / shortest, side * height / shortest)
        return resized(
            width: resizedWidth, height: resizedHeight,
            keeping: .middle(width: crop, height: crop, ofWidth: resizedWidth, height: resizedHeight))
    }

    /// Rows of the picture with their columns resampled.
    private func resampledAcross(_ weights: ResampleWeights, rows: Range<Int>) -> [UInt8] {
        switch channels {
        case .grey: resampledAcross(weights, rows: rows, GreySum.self)
        case .rgb, .rgba: resampledAcross(weights, rows: rows, RGBSum.self)
        }
    }

    private func resampledAcross<Sum: PixelSum>(_ weights: ResampleWeights, rows: Range<Int>, _: Sum.Type) -> [UInt8] {
        let (rowBytes, columns) = (self.rowBytes, weights.starts.count)
        let size = rows.count * columns * Sum.size
        return [UInt8](unsafeUninitializedCapacity: size) { into, count in
            pixels.withUnsafeBufferPointer { from in
                weights.weights.withUnsafeBufferPointer { factors in
                    var target = 0
                    for row in rows {
                        for column in 0..<columns {
                            var sum = Sum()
                            var source = row * rowBytes + weights.starts[column] * Sum.size
                            let first = column * weights.stride
                            for factor in first..<(first + weights.counts[column]) {
                                sum.add(from, source, times: factors[factor])
                                source += Sum.size
                            }
                            sum.store(in: into, target)
                            target += Sum.size
                        }
                    }
                }
            }
            count = size
        }
    }

    /// Rows made of the given ones, of which the first is the first that the weights name.
    private func resampledDown(_ rows: [UInt8], rowBytes: Int, by weights: ResampleWeights) -> [UInt8] {
        let size = weights.starts.count * rowBytes
        let first = weights.sources.lowerBound
        var sums = [Int32](repeating: 0, count: rowBytes)
        return [UInt8](unsafeUninitializedCapacity: size) { into, count in
            rows.withUnsafeBufferPointer { from in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in weights.starts.indices {
                        sums.update(repeating: half)
                        for source in 0..<weights.counts[row] {
                            let factor = weights.weights[row * weights.stride + source]
                            let start = (weights.starts[row] + source - first) * rowBytes
                            for byte in 0..<rowBytes { sums[byte] &+= Int32(from[start + byte]) &* factor }
                        }
                        for byte in 0..<rowBytes { into[row * rowBytes + byte] = pixelByte(sums[byte]) }
                    }
                }
            }
            count = size
        }
    }
}

/// One half, where sums start so that they are rounded to nearest.
private let half: Int32 = 1 << (ResampleWeights.fractionBits - 1)

/// A sum of weighted bytes as a byte; what lies beyond the range, as bicubic sums may, becomes its end.
private func pixelByte(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum >> ResampleWeights.fractionBits, 0), 255))
}

/// The sum of weighted pixels.
private protocol PixelSum {
    static var size: Int { get }
    init()
    mutating func add(_ pixels: UnsafeBufferPointer<UInt8>, _ offset: Int, times factor: Int32)
    func store(in pixels: UnsafeMutableBufferPointer<UInt8>, _ offset: Int)
}

private struct GreySum: PixelSum {
    static let size = 1
    var grey = half

    mutating func add(_ pixels: UnsafeBufferPointer<UInt8>, _ offset: Int, times factor: Int32) {
        grey &+= Int32(pixels[offset]) &* factor
    }

    func store(in pixels: UnsafeMutableBufferPointer<UInt8>, _ offset: Int) {
        pixels[offset] = pixelByte(grey)
    }
}

private struct RGBSum: PixelSum {
    static let size = 3
    var (red, green, blue) = (half, half, half)

    mutating func add(_ pixels: UnsafeBufferPointer<UInt8>, _ offset: Int, times factor: Int32) {
        red &+= Int32(pixels[offset]) &* factor
        green &+= Int32(pixels[offset + 1]) &* factor
        blue &+= Int32(pixels[offset + 2]) &* factor
    }

    func store(in pixels: UnsafeMutableBufferPointer<UInt8>, _ offset: Int) {
        pixels[offset] = pixelByte(red)
        pixels[offset + 1] = pixelByte(green)
        pixels[offset + 2] = pixelByte(blue)
    }
}
