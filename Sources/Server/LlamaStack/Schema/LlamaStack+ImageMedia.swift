extension LlamaStack {
    /// A picture in a content: refused where it stands, once it has the form that is promised.
    struct ImageMedia: Decodable, Sendable {
        private enum CodingKeys: String, CodingKey {
            case image
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            fields.require(.image, "a URL or an object")
            switch fields.kind(.image) {
            case nil, .null:
                break
            case .string:
                let url = fields.text(.image) ?? ""
                guard ["http://", "https://", "file://", "data:"].contains(where: url.hasPrefix) else {
                    fields.fault(.invalidValue, .image, "expected a URL that begins with http:, https:, file: or data:")
                    return
                }
                Self.refuse(fields)
            case .object:
                if fields.object(.image, as: Described.self) != nil { Self.refuse(fields) }
            case .some(let found):
                fields.fault(.wrongType, .image, "expected a URL or an object, found \(found.rawValue)")
            }
        }

        private static func refuse(_ fields: FieldReader<CodingKeys>) {
            fields.fault(.unsupportedValue, .image, "the models of this server cannot read images; send text")
        }

        /// A picture as an object.
        private struct Described: Decodable {
            private enum CodingKeys: String, CodingKey {
                case format
                case formatDescription = "format_description"
            }

            init(from decoder: any Decoder) throws {
                let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
                _ = fields.text(.format)
                _ = fields.text(.formatDescription)
            }
        }
    }
}
