/// What separates the parts of a body (RFC 2046, section 5.1.1).
package struct MultipartBoundary: Sendable, Equatable {
    /// What comes before the boundary's own text wherever a part ends: a line break and two dashes.
    static let mark: [UInt8] = [0x0D, 0x0A, 0x2D, 0x2D]

    /// The mark and the text.
    let delimiter: [UInt8]

    /// - Throws: ``APIError`` where the content type is not `multipart/form-data`, or has no boundary that could be one.
    package init(contentType: String?) throws(APIError) {
        guard let type = contentType.flatMap(ParameterizedValue.init), type.value == "multipart/form-data" else {
            throw .notMultipart
        }
        guard let text = type.parameters["boundary"], Self.isValid(text) else {
            throw .invalidMultipart(
                "The content type names no boundary of 1 to 70 characters, as `multipart/form-data; boundary=…` does.")
        }
        delimiter = Self.mark + Array(text.utf8)
    }

    private static func isValid(_ text: String) -> Bool {
        (1...70).contains(text.utf8.count) && text.utf8.last != 0x20
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "'()+_,-./:=? ".utf8.contains(byte)
                }
            }
    }
}

extension APIError {
    static let notMultipart = APIError(
        status: 415, .invalidRequest, code: "unsupported_media_type", title: "The content type is not supported",
        "The body's content type is not supported here. Send it as `content-type: multipart/form-data`.")

    /// The body is no form. What is left of it is not read.
    static func invalidMultipart(_ message: String) -> APIError {
        var error = APIError(
            status: 400, .invalidRequest, code: "invalid_multipart", title: "The body is not a valid form", message)
        error.closesConnection = true
        return error
    }
}
