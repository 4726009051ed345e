import Media
import TestSupport
import Testing

@Suite("Damaged files")
struct DamageTests {
    /// Those that take no time to decode often.
    private static let small = Fixture.pictures.filter { $0.name != "texts.png" }

    private let decoder = PictureDecoder(maximumPixels: 1_000_000)

    @Test("A file cut short anywhere is unreadable, unless all of its picture is there", arguments: small)
    func cutShort(_ file: Fixture) throws {
        let bytes = try file.bytes
        let whole = try decoder.decode(bytes)
        for length in stride(from: 0, to: bytes.count, by: 10) {
            do throws(PictureFault) {
                let picture = try decoder.decode(Array(bytes[..<length]))
                #expect(picture == whole, "cut at \(length)")
            } catch {
                let isUnreadable = if case .unreadable = error { true } else { false }
                // The first bytes alone do not tell the format.
                #expect(isUnreadable || length < 20, "cut at \(length): \(error)")
            }
        }
    }

    @Test("A file without its last byte is unreadable", arguments: small.filter { $0.name != "orientation.webp" })
    func lastByte(_ file: Fixture) throws {
        let bytes = try file.bytes
        #expect(throws: PictureFault.self) { try decoder.decode(Array(bytes.dropLast())) }
    }

    @Test("Bytes changed at random give a fault or a picture of the size that the header says", arguments: small)
    func changed(_ file: Fixture) throws {
        let bytes = try file.bytes
        var numbers = SeededNumbers(seed: UInt64(bytes.count))
        for _ in 0..<rounds(short: 50, long: 2_000) {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                damaged[Int.random(in: damaged.indices, using: &numbers)] = .random(in: 0...255, using: &numbers)
            }
            do throws(PictureFault) {
                let picture = try decoder.decode(damaged)
                #expect(picture.pixels.count == picture.height * picture.rowBytes)
            } catch {
                #expect(!error.reason.isEmpty)
            }
        }
    }
}
