/// How the stored picture is turned to be looked at (tag 0x0112 of EXIF).
enum Orientation: Int, Sendable {
    case upright = 1
    /// Left and right are exchanged.
    case mirrored = 2
    case upsideDown = 3
    /// Top and bottom are exchanged.
    case flipped = 4
    /// Rows become columns.
    case transposed = 5
    /// A quarter turn clockwise sets it right.
    case turnedClockwise = 6
    /// Rows become columns, of the picture upside down.
    case transversed = 7
    /// A quarter turn against the clock sets it right.
    case turnedAntiClockwise = 8

    /// The orientation that a block of EXIF tells of; upright where it tells none, or nothing that makes sense.
    init(exif block: ArraySlice<UInt8>) {
        self = Self.read(ByteReader(block)) ?? .upright
    }

    private static func read(_ block: ByteReader) -> Orientation? {
        let isLittle = block.has("II*\0", at: 0)
        guard isLittle || block.has("MM\0*", at: 0) else { return nil }
        func number(_ offset: Int, _ count: Int) -> Int? {
            isLittle ? block.little(offset, count: count) : block.big(offset, count: count)
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let offset = directory + 2 + 12 * entry
            guard let tag = number(offset, 2) else { return nil }
            guard tag == 0x0112 else { continue }
            // One SHORT, as the standard has it, or one LONG.
            guard let type = number(offset + 2, 2), type == 3 || type == 4, number(offset + 4, 4) == 1 else {
                return nil
            }
            return number(offset + 8, type == 3 ? 2 : 4).flatMap(Orientation.init(rawValue:))
        }
        return nil
    }

    var exchangesSides: Bool { rawValue >= Orientation.transposed.rawValue }
}

extension Picture {
    /// The picture as it is looked at.
    func oriented(_ orientation: Orientation) -> Picture {
        guard orientation != .upright else { return self }
        let (across, down) = orientation.exchangesSides ? (height, width) : (width, height)
        let walk = orientation.walk(width: width, height: height)
        let size = channels.rawValue
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { into, count in
            pixels.withUnsafeBufferPointer { from in
                var target = 0
                for y in 0..<down {
                    var source = (walk.start + y * walk.down) * size
                    for _ in 0..<across {
                        for channel in 0..<size { into[target + channel] = from[source + channel] }
                        target += size
                        source += walk.across * size
                    }
                }
            }
            count = pixels.count
        }
        return Picture(width: across, height: down, channels: channels, pixels: turned)
    }
}

extension Orientation {
    /// The way through a stored picture that meets its pixels as they are looked at, in pixels: where it starts, and how
    /// far one step to the right and one step down go.
    fileprivate func walk(width: Int, height: Int) -> (start: Int, across: Int, down: Int) {
        let (lastColumn, lastRow) = (width - 1, (height - 1) * width)
        return switch self {
        case .upright: (0, 1, width)
        case .mirrored: (lastColumn, -1, width)
        case .upsideDown: (lastRow + lastColumn, -1, -width)
        case .flipped: (lastRow, 1, -width)
        case .transposed: (0, width, 1)
        case .turnedClockwise: (lastRow, -width, 1)
        case .transversed: (lastRow + lastColumn, -width, -1)
        case .turnedAntiClockwise: (lastColumn, width, -1)
        }
    }
}
