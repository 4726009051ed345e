#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension String {
    /// Whether this is a `data:` URL (RFC 2397), well-formed or not.
    var isDataURL: Bool {
        utf8.prefix(5).elementsEqual("data:".utf8) || prefix(5).lowercased() == "data:"
    }

    /// What a `data:` URL holds; `nil` unless it is one of a media type with this beginning, and of valid base64 that is
    /// not empty.
    func contentsOfDataURL(of mediaType: String) -> Data? {
        // Bytes, not characters: the contents may be megabytes.
        guard let comma = utf8.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let head = self[..<comma].lowercased()
        guard head.hasPrefix("data:" + mediaType), head.hasSuffix(";base64") else { return nil }
        return String(self[utf8.index(after: comma)...]).contentsOfBase64
    }

    /// The bytes that base64 stands for; `nil` where it is not valid, or empty.
    var contentsOfBase64: Data? {
        Data(base64Encoded: self).flatMap { $0.isEmpty ? nil : $0 }
    }
}
