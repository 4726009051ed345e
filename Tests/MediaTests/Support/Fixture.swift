import Foundation
import Media
import Testing

/// A file of `Fixtures/`, made by `fixtures.py`.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    private static var folder: URL { Bundle.module.bundleURL.appending(path: "Fixtures") }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: Self.folder.appending(path: name))) }
    }

    /// What the file has to decode to.
    var expected: Picture {
        get throws { try Picture(goldenFile: Fixture(name: "\(name).pixels").bytes) }
    }

    /// Whether decoders have no choice; JPEG and lossy WebP leave them some.
    var isLossless: Bool { name.hasSuffix(".png") || name.hasPrefix("lossless") || name == "orientation.webp" }

    /// A JPEG whose head says 4096 × 4096 pixels, with the data of a small one.
    static var emptyLargeJPEG: [UInt8] {
        get throws {
            var jpeg = try Fixture(name: "plain.jpg").bytes
            let frame = try #require((0..<jpeg.count).first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
            jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0x10, 0, 0x10, 0])
            return jpeg
        }
    }

    /// Every file that is to be decoded.
    static let pictures: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.contains(".pixels") && $0.split(separator: ".").count == 3 }
            .map { Fixture(name: String($0.dropLast(".pixels".count))) }
            .sorted { $0.name < $1.name }
    }()
}

extension Picture {
    init(goldenFile bytes: [UInt8]) throws {
        let numbers = stride(from: 0, to: 12, by: 4).map { start in
            (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        }
        guard let channels = Channels(rawValue: numbers[2]) else { throw FixtureFault() }
        self.init(width: numbers[0], height: numbers[1], channels: channels, pixels: Array(bytes.dropFirst(12)))
    }

    /// The picture that `fixtures.py` computes in the same way.
    init(patternOfWidth width: Int, height: Int, channels: Channels = .rgb) {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * channels.rawValue)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels.rawValue {
                    let level = x * x * 7 + y * x * 13 + channel * 85 + ((x * y) ^ (x + 3 * y)) * 5
                    pixels.append(UInt8(truncatingIfNeeded: level))
                }
            }
        }
        self.init(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// FNV-1a of 64 bits over the pixels.
    var digest: UInt64 {
        pixels.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The largest difference of two bytes; `nil` where the pictures are not of one kind.
    func largestDifference(to other: Picture) -> Int? {
        guard width == other.width, height == other.height, channels == other.channels else { return nil }
        return zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max()
    }
}

struct FixtureFault: Error {}
