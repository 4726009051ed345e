/// The form that an answer must have. Only free text is served yet.
struct ResponseFormat: Decodable, Sendable {
    private enum Kind: String, CaseIterable {
        case text
        case jsonObject = "json_object"
        case jsonSchema = "json_schema"
    }

    private enum CodingKeys: String, CodingKey {
        case type
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        let kind = fields.choice(.type, of: Kind.self)
        fields.refuse(.type, if: kind == .jsonObject || kind == .jsonSchema, supported: "text")
    }
}
