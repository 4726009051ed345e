/// A value of a header field with parameters: `form-data; name="image"; filename="a.png"` (RFC 9110, section 5.6.6, and
/// RFC 2183).
struct ParameterizedValue: Sendable, Equatable {
    /// In lower case.
    let value: String
    /// By names in lower case.
    let parameters: [String: String]

    /// `nil` where the text is no such value, or has a parameter twice.
    init?(_ text: String) {
        var bytes = text.utf8[...]
        value = Self.text(of: Self.take(&bytes) { $0 != UInt8(ascii: ";") }).lowercased()
        var parameters: [String: String] = [:]
        while bytes.popFirst() != nil {
            Self.skipSpace(&bytes)
            // An empty one, as after a last semicolon, does no harm.
            if bytes.isEmpty || bytes.first == UInt8(ascii: ";") { continue }
            let name = Self.text(of: Self.take(&bytes) { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") })
                .lowercased()
            guard !name.isEmpty, bytes.popFirst() == UInt8(ascii: "=") else { return nil }
            Self.skipSpace(&bytes)
            let content: String
            if bytes.first == UInt8(ascii: "\"") {
                guard let quoted = Self.takeQuoted(&bytes) else { return nil }
                content = quoted
                Self.skipSpace(&bytes)
                guard bytes.isEmpty || bytes.first == UInt8(ascii: ";") else { return nil }
            } else {
                content = Self.text(of: Self.take(&bytes) { $0 != UInt8(ascii: ";") })
            }
            guard parameters.updateValue(content, forKey: name) == nil else { return nil }
        }
        self.parameters = parameters
    }

    /// A parameter that may be written with its character set (RFC 8187), as `name*=UTF-8''a%20b`, which then counts.
    func extended(_ name: String) -> String? {
        if let text = parameters[name + "*"] {
            let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, parts[0].lowercased() == "utf-8", let decoded = String(parts[2]).percentDecoded {
                return decoded
            }
        }
        return parameters[name]
    }

    private static func take(_ bytes: inout Substring.UTF8View, while holds: (UInt8) -> Bool) -> Substring.UTF8View {
        let taken = bytes.prefix(while: holds)
        bytes = bytes[taken.endIndex...]
        return taken
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func skipSpace(_ bytes: inout Substring.UTF8View) {
        bytes = bytes.drop(while: isSpace)
    }

    /// Without spaces at both ends.
    private static func text(of bytes: Substring.UTF8View) -> String {
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    /// What is between quotes; a backslash before a quote or another backslash is taken off. Before anything else it
    /// stays: browsers write it so in the names of files.
    private static func takeQuoted(_ bytes: inout Substring.UTF8View) -> String? {
        var content: [UInt8] = []
        bytes.removeFirst()
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\") where bytes.first == UInt8(ascii: "\"") || bytes.first == UInt8(ascii: "\\"):
                content.append(bytes.removeFirst())
            default: content.append(byte)
            }
        }
        return nil
    }
}
