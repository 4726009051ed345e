import Foundation
import Inference
import Media
import TestSupport
import Testing

@Suite("Damaged sounds")
struct SoundDamageTests {
    @Test("A file of no samples is read as none", arguments: [1, 2])
    func noSamples(_ channels: Int) throws {
        let reader = try SoundReader.reading(WAVFile([], channels: channels, rate: 44_100).bytes)
        #expect(reader.statedDuration == 0)
        #expect(try reader.rest().isEmpty)
    }

    @Test("A length in the head that is a lie is not believed", arguments: [2_000_000_000, 4_294_967_295, 1_001])
    func lyingLength(_ length: Int) throws {
        var file = WAVFile(Array(repeating: 0.5, count: 250), rate: 16_000)
        file.statedLength = length
        #expect(try SoundReader.reading(file.bytes).rest() == Array(repeating: 0.5, count: 250))
    }

    @Test("A WAV file cut short is read as far as it goes")
    func shortWAV() throws {
        let whole = try SoundFixture(name: "pcm-16-1.wav").bytes
        let all = try SoundReader.reading(whole).rest()
        for count in stride(from: 0, to: 4_000, by: 397) {
            #expect(try SoundReader.reading(Array(whole[..<(44 + 2 * count)])).rest() == Array(all[..<count]))
        }
    }

    @Test(
        "An MP3 file cut short is read as far as it goes, and refused without a frame of sound",
        arguments: [("mono-16k.mp3", 1_105), ("variable-no-head.mp3", 0)])
    func shortMP3(_ name: String, _ delay: Int) throws {
        let whole = try SoundFixture(name: name).bytes
        let all = try SoundReader.reading(whole).rest()
        var counts: [Int] = []
        for length in stride(from: 0, to: whole.count - 100, by: 97) {
            do {
                // What an encoder puts before the sound is cut off only where the file is as long as it says.
                let samples = try SoundReader.reading(Array(whole[..<length])).rest()
                #expect(largestDifference(Array(samples.dropFirst(delay).dropLast(1_300)), all) < 1e-3)
                counts.append(samples.count)
            } catch let fault as MediaFault {
                #expect(fault.kind == .unreadable)
                #expect(counts.isEmpty, "once there is sound, more bytes never give none")
            }
        }
        #expect(counts == counts.sorted())
        #expect(counts.count > 10)
    }

    @Test("A FLAC file cut short is read as far as its blocks are whole", arguments: [(10, 1), (16, 2)])
    func shortFLAC(_ twentieths: Int, _ blocks: Int) throws {
        let whole = try SoundFixture(name: "stereo-24.flac").bytes
        let all = try SoundReader.reading(whole).rest()
        let samples = try SoundReader.reading(Array(whole[..<(whole.count * twentieths / 20)])).rest()
        // Blocks of 4,096 samples at 44.1 kHz.
        #expect(abs(samples.count - blocks * 4_096 * 160 / 441) <= 1)
        #expect(largestDifference(Array(samples.dropLast(100)), all) < 1e-4)
    }

    @Test(
        "A file cut short before its sound is refused",
        arguments: [
            ("stereo-24.flac", 0.4), ("streamed.flac", 0.6), ("stereo-vorbis.ogg", 0.98), ("opus-stereo.ogg", 0.98),
        ])
    func noSound(_ name: String, _ share: Double) throws {
        let whole = try SoundFixture(name: name).bytes
        // In FLAC the first block is whole a little further on; the sound in OGG is all in one page.
        for length in stride(from: 1, to: Int(Double(whole.count) * share), by: max(1, whole.count / 23)) {
            #expect(try fault(Array(whole[..<length]))?.kind == .unreadable)
        }
    }

    @Test(
        "Bytes changed at random give samples within −1…1 or a fault",
        arguments: SoundFixture.sounds + SoundFixture.others)
    func changed(_ file: SoundFixture) throws {
        let bytes = try file.bytes
        var numbers = SeededNumbers(seed: UInt64(bytes.count))
        for round in 0..<rounds(short: 50, long: 1_000) {
            var damaged = bytes
            // In every other file the head alone.
            let end = round % 2 == 0 ? damaged.count : min(200, damaged.count)
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                damaged[Int.random(in: 0..<end, using: &numbers)] = .random(in: 0...255, using: &numbers)
            }
            do {
                let samples = try SoundReader.reading(damaged, maximumSeconds: 60).rest()
                #expect(samples.allSatisfy { abs($0) <= 1 })
            } catch let fault as MediaFault {
                #expect(!fault.reason.isEmpty)
            }
        }
    }

    @Test("What lets a decoder search in vain is given up: the beginnings of pages, one after the other")
    func searchInVain() throws {
        // The limit is 2 seconds of processor time, the whole would take some 40; ``MeasuredSoundTests`` looks at the time.
        #expect(try fault(SoundFixture.pagesInVain())?.kind == .unreadable)
    }

    @Test("Of what stands behind MP3, no more than a part is searched for frames")
    func longTrailer() throws {
        let file = try SoundFixture(name: "variable-no-head.mp3").bytes
        let trailer = [UInt8](repeating: 0xFF, count: 30_000_000)
        #expect(try SoundReader.reading(file + trailer).rest() == SoundReader.reading(file).rest())
    }

    @Test("Ten minutes of two channels are read to their end")
    func long() throws {
        try withTemporaryFolder { folder in
            let path = try SoundFixture.tenMinutes(in: folder)
            #expect(try SoundFixture.count(SoundReader(path: path)) == 600 * 16_000)
        }
    }
}
