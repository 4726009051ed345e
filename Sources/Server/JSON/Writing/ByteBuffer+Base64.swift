import NIOCore

extension ByteBuffer {
    /// Writes bytes as base64 (RFC 4648, section 4), padded, straight into the buffer.
    package mutating func writeBase64(_ bytes: UnsafeRawBufferPointer) {
        let length = (bytes.count + 2) / 3 * 4
        writeWithUnsafeMutableBytes(minimumWritableBytes: length) { room in
            Base64.pairs.withUnsafeBufferPointer { pairs in
                Base64.encode(bytes, into: room, pairs)
            }
            return length
        }
    }
}

private enum Base64 {
    /// The two characters of each 12 bits, in the order they are written in.
    static let pairs: [UInt16] = {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<4_096).map { UInt16(littleEndian: UInt16(alphabet[$0 & 63]) << 8 | UInt16(alphabet[$0 >> 6])) }
    }()

    static func encode(
        _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer,
        _ pairs: UnsafeBufferPointer<UInt16>
    ) {
        var (read, written) = (0, 0)
        while read + 3 <= bytes.count {
            let three = Int(bytes[read]) << 16 | Int(bytes[read + 1]) << 8 | Int(bytes[read + 2])
            room.storeBytes(of: pairs[three >> 12], toByteOffset: written, as: UInt16.self)
            room.storeBytes(of: pairs[three & 0xFFF], toByteOffset: written + 2, as: UInt16.self)
            read += 3
            written += 4
        }
        let rest = bytes.count - read
        guard rest > 0 else { return }
        let last = Int(bytes[read]) << 16 | (rest == 2 ? Int(bytes[read + 1]) << 8 : 0)
        room.storeBytes(of: pairs[last >> 12], toByteOffset: written, as: UInt16.self)
        room.storeBytes(of: pairs[last & 0xFFF], toByteOffset: written + 2, as: UInt16.self)
        room[written + 3] = UInt8(ascii: "=")
        if rest == 1 { room[written + 2] = UInt8(ascii: "=") }
    }
}
