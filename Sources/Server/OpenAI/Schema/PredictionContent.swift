/// What the caller expects the answer to be.
struct PredictionContent: Decodable, Sendable {
    let text: String

    private enum Kind: String, CaseIterable {
        case content
    }

    private enum CodingKeys: String, CodingKey {
        case type, content
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "content")
        _ = fields.choice(.type, of: Kind.self)
        fields.require(.content, "a string or an array of text parts")
        let parts = fields.object(.content, as: MessageContent<TextPart>.self)?.parts ?? []
        // Nothing between them: the text is to be met as it stands.
        text = parts.map(\.text).joined()
    }
}
