import Inference
import NIOCore
import NIOFoundationEssentialsCompat

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message with bulk: one line of JSON that says what it is, then raw little-endian bytes: vectors, samples, pixels.
enum FramedMessage {
    /// The content type where a route takes messages of both kinds.
    static let mediaType = "application/octet-stream"

    /// The payload has fewer bytes than it should.
    static let cutShort = InferenceError(.internal, "A message between runner and server was cut short.")

    static func encode(_ header: some Encodable, payload: UnsafeRawBufferPointer) throws -> ByteBuffer {
        try encode(header, payloadBytes: payload.count) { $0.writeBytes(payload) }
    }

    /// - Parameters:
    ///   - payloadBytes: how many bytes `write` is about to write.
    ///   - write: writes the payload, in place.
    static func encode(
        _ header: some Encodable, payloadBytes: Int, write: (inout ByteBuffer) -> Void
    ) throws -> ByteBuffer {
        let json = try JSONEncoder().encode(header)
        var buffer = ByteBuffer()
        buffer.reserveCapacity(json.count + 1 + payloadBytes)
        buffer.writeBytes(json)
        buffer.writeInteger(UInt8(ascii: "\n"))
        write(&buffer)
        return buffer
    }

    /// - Returns: the header, and the payload's bytes.
    /// - Throws: ``InferenceError`` of kind `internal` where there is no such header.
    static func decode<Header: Decodable>(_ type: Header.Type, from message: ByteBuffer) throws -> (Header, ByteBuffer)
    {
        var message = message
        guard let end = message.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let line = message.readSlice(length: end - message.readerIndex),
            let header = try? JSONDecoder().decode(type, from: Data(line.readableBytesView))
        else {
            throw InferenceError(.internal, "The runner and the server do not understand each other.")
        }
        message.moveReaderIndex(forwardBy: 1)
        return (header, message)
    }

    /// The payload as 32-bit floats.
    static func floats(_ payload: ByteBuffer) throws -> [Float] {
        guard payload.readableBytes.isMultiple(of: 4) else { throw cutShort }
        #if _endian(little)
            return [Float](unsafeUninitializedCapacity: payload.readableBytes / 4) { floats, count in
                payload.withUnsafeReadableBytes { UnsafeMutableRawBufferPointer(floats).copyMemory(from: $0) }
                count = payload.readableBytes / 4
            }
        #else
            return payload.withUnsafeReadableBytes { bytes in
                (0..<bytes.count / 4).map {
                    let bits = bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
        #endif
    }

    static func encode(_ header: some Encodable, floats: [Float]) throws -> ByteBuffer {
        #if _endian(little)
            try floats.withUnsafeBytes { try encode(header, payload: $0) }
        #else
            try floats.map(\.bitPattern.littleEndian).withUnsafeBytes { try encode(header, payload: $0) }
        #endif
    }
}
