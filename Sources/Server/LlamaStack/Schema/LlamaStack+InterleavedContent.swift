extension LlamaStack {
    /// A text, a picture, or a list of both; the texts of a list are joined by line breaks. Pictures are checked, and
    /// then refused: no model reads them here.
    struct InterleavedContent: Decodable, Sendable {
        let text: String

        init(from decoder: any Decoder) throws {
            guard JSONKind(from: decoder) == .array else {
                text = try Item(from: decoder, orList: true).text
                return
            }
            text = try [Checked<Item>](from: decoder).compactMap(\.value?.text).joined(separator: "\n")
        }
    }

    /// One element of a content.
    private struct Item: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            try self.init(from: decoder, orList: false)
        }

        /// - Parameter orList: whether a list of elements could have stood here, for the message that says so.
        init(from decoder: any Decoder, orList: Bool) throws {
            switch JSONKind(from: decoder) {
            case .string:
                text = try decoder.singleValueContainer().decode(String.self)
            case .object:
                _ = try ImageMedia(from: decoder)
                throw FaultGathered()
            case let found:
                let expected = orList ? "a string, an image or an array of them" : "a string or an image"
                decoder.faults.add(
                    .wrongType, at: decoder.codingPath, "expected \(expected), found \(found.rawValue)")
                throw FaultGathered()
            }
        }
    }
}
