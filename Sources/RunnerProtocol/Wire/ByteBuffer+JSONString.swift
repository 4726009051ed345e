import NIOCore

extension ByteBuffer {
    /// Writes a text as the inside of a JSON string (RFC 8259, section 7), without the quotes around it. Linear in
    /// the text's bytes; what needs no escape is copied in runs.
    ///
    /// U+0085, U+2028 and U+2029 are escaped too, though JSON need not: many readers of event streams split lines at
    /// them.
    public mutating func writeJSONEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var run = 0
            var index = 0
            while index < bytes.count {
                guard let escape = JSONEscape(at: index, in: bytes) else {
                    index += 1
                    continue
                }
                writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[run..<index]))
                writeEscape(escape)
                index += escape.consumed
                run = index
            }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[run..<bytes.count]))
        }
    }

    private mutating func writeEscape(_ escape: JSONEscape) {
        switch escape.form {
        case .short(let letter):
            writeInteger(UInt8(ascii: "\\"))
            writeInteger(letter)
        case .unicode(let unit):
            writeStaticString("\\u")
            for shift in stride(from: 12, through: 0, by: -4) {
                let digit = UInt8((unit >> shift) & 0xF)
                writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}

/// The escape that a character of a text needs.
private struct JSONEscape {
    enum Form {
        /// A backslash and this letter.
        case short(UInt8)
        /// `\u` and the four hexadecimal digits of this unit.
        case unicode(UInt16)
    }

    let form: Form
    /// Bytes of UTF-8 that it stands for.
    let consumed: Int

    /// `nil` where the byte goes as it is. The bytes are valid UTF-8, so a lead byte is followed by its others.
    @inline(__always)
    init?(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.init(.short(byte))
        case 0x0A: self.init(.short(UInt8(ascii: "n")))
        case 0x0D: self.init(.short(UInt8(ascii: "r")))
        case 0x09: self.init(.short(UInt8(ascii: "t")))
        case 0x08: self.init(.short(UInt8(ascii: "b")))
        case 0x0C: self.init(.short(UInt8(ascii: "f")))
        case 0x00..<0x20: self.init(.unicode(UInt16(byte)))
        case 0xC2 where bytes[index + 1] == 0x85: self.init(.unicode(0x0085), consumed: 2)
        case 0xE2 where bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8:
            self.init(.unicode(0x2000 | UInt16(bytes[index + 2] & 0x3F)), consumed: 3)
        default: return nil
        }
    }

    private init(_ form: Form, consumed: Int = 1) {
        self.form = form
        self.consumed = consumed
    }
}
