import NIOCore

extension ByteBuffer {
    /// Writes the reply to `POST …/images/variations`.
    ///
    /// - Parameter png: the bytes of the picture's file, written as base64 straight into the buffer.
    package mutating func writeImagesResponse(_ png: [UInt8], created: Int) {
        reserveCapacity((png.count + 2) / 3 * 4 + 64)
        writeString("{\"created\":\(created),\"data\":[{\"b64_json\":\"")
        png.withUnsafeBytes { writeBase64($0) }
        writeStaticString("\"}]}")
    }
}
