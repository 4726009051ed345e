/// Tokens as the completions API spells them.
enum CompletionTokenText {
    private static let digits = Array("0123456789abcdef")

    /// The token's text; of one that is part of a character the bytes, as `bytes:\xe2\x80`, since its text is none.
    static func spelling(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.reduce(into: "bytes:") { spelling, byte in
            if (0x20...0x7E).contains(byte) {
                spelling.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                spelling += "\\x"
                spelling.append(digits[Int(byte >> 4)])
                spelling.append(digits[Int(byte & 0xF)])
            }
        }
    }
}
