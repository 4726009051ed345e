import Foundation
import Inference
import Media
import Testing

/// A file of `SoundFixtures/`, made by `sound_fixtures.py`.
struct SoundFixture: Sendable, CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    private static var folder: URL { Bundle.module.bundleURL.appending(path: "SoundFixtures") }

    var path: String { Self.folder.appending(path: name).path }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(filePath: path))) }
    }

    /// What the file has to be read as: mono at 16 kHz.
    var expected: [Float] {
        get throws {
            let bytes = try SoundFixture(name: "\(name).samples").bytes
            return stride(from: 0, to: bytes.count, by: 2).map { offset in
                Float(Int16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8)) / 32_767
            }
        }
    }

    private static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

    /// Every file that is to be read.
    static let sounds = names.filter { names.contains("\($0).samples") }.map(SoundFixture.init)

    /// Every file that is not.
    static let others = names.filter { !$0.hasSuffix(".samples") && !names.contains("\($0).samples") }
        .map(SoundFixture.init)
}

extension SoundReader {
    /// A reader of a file with these bytes, which is gone once it is opened.
    static func reading(_ bytes: [UInt8], maximumSeconds: Double = maximumSeconds) throws -> SoundReader {
        let file = FileManager.default.temporaryDirectory.appending(path: "sound-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try SoundReader(path: file.path, maximumSeconds: maximumSeconds)
    }

    /// All that is left, in pieces of a size.
    func rest(by size: Int = 16_000) throws(MediaFault) -> [Float] {
        var samples: [Float] = []
        while true {
            let piece = try read(size)
            guard !piece.isEmpty else { return samples }
            samples += piece
        }
    }
}

/// The largest distance of two samples, as far as both go.
func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).map { abs($0 - $1) }.max() ?? 0
}

/// What is wrong with bytes that are no sound to be read.
func fault(_ bytes: [UInt8], maximumSeconds: Double = SoundReader.maximumSeconds) throws -> MediaFault? {
    do {
        _ = try SoundReader.reading(bytes, maximumSeconds: maximumSeconds).rest()
        return nil
    } catch let fault as MediaFault {
        return fault
    }
}
