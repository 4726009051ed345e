import NIOCore

extension ByteBuffer {
    /// Writes finite numbers as a JSON array, each the shortest decimal that is read back as the same number.
    package mutating func writeJSONArray(_ values: ArraySlice<Float>) {
        let capacity = 2 + values.count * (ShortestDecimal.longest + 1)
        writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { room in
            guard let bytes = room.baseAddress else { return 0 }
            room[0] = UInt8(ascii: "[")
            var end = 1
            values.withUnsafeBufferPointer { values in
                for value in values {
                    end += ShortestDecimal.write(value, to: bytes + end)
                    room[end] = UInt8(ascii: ",")
                    end += 1
                }
            }
            // The last comma's place, if there is one, is the bracket's.
            end = max(1, end - 1)
            room[end] = UInt8(ascii: "]")
            return end + 1
        }
    }

    /// Writes numbers as base64 of their bytes, each 32 bits, the least significant byte first.
    package mutating func writeBase64(_ values: ArraySlice<Float>) {
        #if _endian(little)
            values.withUnsafeBytes { writeBase64($0) }
        #else
            values.map(\.bitPattern.littleEndian).withUnsafeBytes { writeBase64($0) }
        #endif
    }
}
