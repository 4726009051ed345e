import Foundation
import Inference
import Media
import TestSupport
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

extension SoundFixture {
    /// A file of Vorbis with the beginnings of pages in it, one after the other, which lets a decoder search for whole ones.
    static func pagesInVain() throws -> [UInt8] {
        let file = try SoundFixture(name: "mono-vorbis.ogg").bytes
        var pages = Array("OggS".utf8)
        while pages.count < 24_000_000 { pages += pages }
        return Array(file[..<58] + pages[..<24_000_000] + file[58...])
    }

    /// Ten minutes of silence in two channels, most of it a hole in the file. Gives the path.
    static func tenMinutes(in folder: TemporaryFolder) throws -> String {
        var file = WAVFile([], channels: 2, rate: 44_100)
        let length = 600 * 44_100 * 8
        file.statedLength = length
        let path = try folder.write("long.wav", file.bytes)
        try #require(truncate(path, off_t(file.bytes.count + length)) == 0)
        return path
    }

    /// The number of samples that are left, read a second at a time.
    static func count(_ reader: SoundReader) throws -> Int {
        var count = 0
        while true {
            let samples = try reader.read(SoundReader.sampleRate)
            guard !samples.isEmpty else { return count }
            count += samples.count
        }
    }
}

extension SoundReader {
    /// A reader of a file with these bytes, which is gone once it is opened.
    static func reading(_ bytes: [UInt8], maximumSeconds: Double = maximumSeconds) throws -> SoundReader {
        try withTemporaryFolder { folder in
            try SoundReader(path: folder.write("sound", bytes), maximumSeconds: maximumSeconds)
        }
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
