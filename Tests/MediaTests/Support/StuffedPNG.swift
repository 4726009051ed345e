import Media

/// A PNG of one black pixel, behind which the compressed data goes on for as many zeros as asked for.
///
/// The data is one block of deflate with the fixed codes (RFC 1951, 3.2.6), written out bit by bit.
struct StuffedPNG {
    static let picture = Picture(width: 1, height: 1, channels: .rgb, pixels: [0, 0, 0])

    let file: [UInt8]

    init(zeros: Int) {
        var bits = BitStream()
        // The last block, of fixed codes.
        bits.append(0b1, count: 1)
        bits.append(0b01, count: 2)
        // The byte 0: the filter and three channels.
        for _ in 0..<4 { bits.appendCode(0b0011_0000, count: 8) }
        // Length 258 at distance 1: 13 bits. Eight of them are 13 bytes, which repeat from the second time on.
        for _ in 0..<16 {
            bits.appendCode(0b1100_0101, count: 8)
            bits.appendCode(0, count: 5)
        }
        bits.repeatLast(13, times: zeros / 258 / 8 - 2)
        bits.appendCode(0, count: 7)
        let data = [0x78, 0x01] + bits.finish() + [0, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]
        file = signature + Self.chunk("IHDR", header) + Self.chunk("IDAT", data) + Self.chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(UInt32(content.count)) + body + big(checkSum(body))
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    /// CRC-32 as PNG has it.
    private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
        var table: [UInt32] = []
        for byte in 0..<UInt32(256) {
            var sum = byte
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
            table.append(sum)
        }
        var sum = ~UInt32(0)
        for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
        return ~sum
    }
}

/// Bits packed to bytes, the least significant first.
private struct BitStream {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count = 0

    mutating func append(_ value: UInt32, count added: Int) {
        pending |= value << UInt32(count)
        count += added
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// Huffman codes come with their first bit first.
    mutating func appendCode(_ code: UInt32, count: Int) {
        for bit in (0..<count).reversed() { append((code >> UInt32(bit)) & 1, count: 1) }
    }

    /// Repeats the last bytes. What is pending stood before each of them too.
    mutating func repeatLast(_ count: Int, times: Int) {
        let last = bytes.suffix(count)
        for _ in 0..<times { bytes += last }
    }

    mutating func finish() -> [UInt8] {
        append(0, count: (8 - count) % 8)
        return bytes
    }
}
