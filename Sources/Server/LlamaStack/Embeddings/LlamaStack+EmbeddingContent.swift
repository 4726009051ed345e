import Inference

extension LlamaStack {
    /// What one vector is wanted of: a text, a picture, or a list of one or the other. The texts of a list are joined by
    /// line breaks.
    enum EmbeddingContent: Decodable, Sendable {
        case text(String)
        /// A picture's file, and where in the content it is.
        case image([UInt8], field: String)

        init(from decoder: any Decoder) throws {
            guard JSONKind(from: decoder) == .array else {
                self = try Item(from: decoder, orList: true).content
                return
            }
            let items = try [Checked<Item>](from: decoder)
            let contents = items.compactMap(\.value?.content)
            guard contents.count == items.count else { throw FaultGathered() }
            if contents.count == 1, case .image(let file, let field) = contents[0] {
                self = .image(file, field: "[0]" + field)
                return
            }
            let texts = contents.compactMap { if case .text(let text) = $0 { text } else { nil } }
            guard texts.count == contents.count, !texts.isEmpty else {
                decoder.faults.add(
                    texts.isEmpty && contents.isEmpty ? .outOfRange : .unsupportedValue, at: decoder.codingPath,
                    "expected texts, or one image: there is one vector for each content")
                throw FaultGathered()
            }
            self = .text(texts.joined(separator: "\n"))
        }

        /// The domain's input.
        var input: EmbeddingRequest.Input {
            switch self {
            case .text(let text): .text(text)
            case .image(let file, _): .image(file)
            }
        }
    }

    /// One element of a content.
    private struct Item: Decodable {
        let content: EmbeddingContent

        init(from decoder: any Decoder) throws {
            try self.init(from: decoder, orList: false)
        }

        /// - Parameter orList: whether a list of elements could have stood here, for the message that says so.
        init(from decoder: any Decoder, orList: Bool) throws {
            switch JSONKind(from: decoder) {
            case .string:
                let text = try decoder.singleValueContainer().decode(String.self)
                if text.isEmpty {
                    decoder.faults.add(.invalidValue, at: decoder.codingPath, "expected a string that is not empty")
                    throw FaultGathered()
                }
                content = .text(text)
            case .object:
                content = try TypedItem(from: decoder).content
            case let found:
                let expected = orList ? "a string, an image or an array of them" : "a string or an image"
                decoder.faults.add(
                    .wrongType, at: decoder.codingPath, "expected \(expected), found \(found.rawValue)")
                throw FaultGathered()
            }
        }
    }

    /// An element as an object: a picture, or, of later clients, what its `type` says.
    private struct TypedItem: Decodable {
        let content: EmbeddingContent

        private enum Kind: String, CaseIterable {
            case text, image
        }

        private enum CodingKeys: String, CodingKey {
            case type, text, image
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            switch fields.choice(.type, of: Kind.self) ?? .image {
            case .text:
                let text = fields.requiredText(.text)
                guard !text.isEmpty else { throw FaultGathered() }
                content = .text(text)
            case .image:
                fields.require(.image, "a URL or an object")
                guard let image = fields.object(.image, as: EncodedImage.self) else { throw FaultGathered() }
                content = .image(image.file, field: ".image")
            }
        }
    }
}
