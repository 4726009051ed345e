import Inference

/// The form that the text of an answer must have.
struct ResponseFormat: Decodable, Sendable {
    let format: OutputFormat

    enum Kind: String, CaseIterable {
        case text
        case jsonObject = "json_object"
        case jsonSchema = "json_schema"
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case jsonSchema = "json_schema"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        switch fields.choice(.type, of: Kind.self) {
        case .text: format = .text
        case .jsonObject: format = .jsonObject
        case .jsonSchema:
            fields.require(.jsonSchema, "an object")
            guard let schema = fields.object(.jsonSchema, as: NamedSchema.self) else { throw FaultGathered() }
            format = schema.format
        case nil: throw FaultGathered()
        }
    }
}

/// A JSON Schema with its name: `name`, `description`, `schema`, `strict`. Chat completions have it inside of a
/// response format; responses have it flat beside the format's `type`.
///
/// The schema is enforced whether or not `strict` asks for it. Without a schema every JSON object fits.
struct NamedSchema: Decodable, Sendable {
    let name: String
    let format: OutputFormat

    private enum CodingKeys: String, CodingKey {
        case name, description, schema, strict
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let name = fields.requiredName(.name)
        // For people to read: what the model is told is in the messages.
        _ = fields.text(.description)
        _ = fields.flag(.strict)
        format = fields.jsonObject(.schema).map(OutputFormat.jsonSchema) ?? .jsonObject
        guard let name else { throw FaultGathered() }
        self.name = name
    }
}
