/// The picture of the works: soft colours with edges, in 8 bits a channel.
///
/// The pixel in row y, column x is (2x, 2y, 255 where ⌊x/8⌋ + ⌊y/8⌋ is even, else 64). The file is a PNG (W3C, third
/// edition) whose pixels are stored as they are: writing it needs no library, and reading it costs nothing.
enum WorkPicture {
    /// Pixels of each side.
    static let side = 128

    static let png: [UInt8] = {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // 8 bits of red, green and blue, neither filtered in ways of its own nor interlaced.
        let form: [UInt8] = [8, 2, 0, 0, 0]
        file += chunk("IHDR", big(side, 4) + big(side, 4) + form)
        file += chunk("IDAT", stored(rows))
        file += chunk("IEND", [])
        return file
    }()

    /// The rows from the top, each behind a 0: it is not filtered.
    private static var rows: [UInt8] {
        var bytes: [UInt8] = []
        for y in 0..<side {
            bytes.append(0)
            for x in 0..<side {
                let blue: UInt8 = (x / 8 + y / 8) % 2 == 0 ? 255 : 64
                bytes += [UInt8(2 * x), UInt8(2 * y), blue]
            }
        }
        return bytes
    }

    /// A zlib stream (RFC 1950) of one block that is not compressed (RFC 1951, 3.2.4), which holds up to 65,535 bytes.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = [UInt8](big(bytes.count, 2).reversed())
        var stream: [UInt8] = [0x78, 0x01, 0x01]
        stream += length
        stream += length.map { ~$0 }
        stream += bytes
        stream += big(Int(adler32(bytes)), 4)
        return stream
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + data
        return big(data.count, 4) + named + big(Int(crc32(named)), 4)
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// RFC 1950, section 9.
    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    /// The PNG specification, annex D.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        return ~sum
    }
}
