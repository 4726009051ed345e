/// What the head of a part says of it (RFC 7578). Names are data: no file is ever called by one.
package struct MultipartHead: Sendable, Equatable {
    /// The field that the part is.
    package let name: String
    /// What the sender calls the file that the part is, if it is one.
    package let fileName: String?
    package let contentType: String?

    /// - Parameter lines: the head without the empty line at its end.
    /// - Throws: ``APIError`` where it does not name its field, or says that the part is encoded.
    init(_ lines: [UInt8], part: Int) throws(APIError) {
        var fields: [String: String] = [:]
        for line in try Self.unfolded(lines, part) {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw .invalidMultipart("A line in the head of part \(part) of the form is not `name: value`.")
            }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmed
        }
        guard let disposition = fields["content-disposition"].flatMap(ParameterizedValue.init),
            disposition.value == "form-data", let name = disposition.extended("name")
        else {
            throw .invalidMultipart(
                "Part \(part) of the form has no `Content-Disposition: form-data; name=\"…\"`, which every part needs.")
        }
        let encoding = fields["content-transfer-encoding"]?.lowercased() ?? "binary"
        guard ["binary", "8bit", "7bit"].contains(encoding) else {
            throw .invalidMultipart("Part \(part) of the form has a transfer encoding. Send its bytes as they are.")
        }
        self.name = name
        fileName = disposition.extended("filename")
        contentType = fields["content-type"]
    }

    /// The lines, each with those that go on with it.
    private static func unfolded(_ bytes: [UInt8], _ part: Int) throws(APIError) -> [String] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidMultipart("The head of part \(part) of the form is not UTF-8.")
        }
        var lines: [String] = []
        // A line break is one character.
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: true) {
            if let first = line.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1] += line
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
