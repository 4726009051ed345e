import Inference

/// What form the text of a response has to have.
struct ResponseTextOptions: Decodable, Sendable {
    let format: OutputFormat?

    private enum Verbosity: String, CaseIterable {
        case low, medium, high
    }

    private enum CodingKeys: String, CodingKey {
        case format, verbosity
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        format = fields.object(.format, as: ResponseTextFormat.self)?.format
        let verbosity = fields.choice(.verbosity, of: Verbosity.self)
        fields.refuse(.verbosity, if: verbosity == .low || verbosity == .high, supported: "medium")
    }
}

private struct ResponseTextFormat: Decodable {
    let format: OutputFormat

    private enum CodingKeys: String, CodingKey {
        case type, schema
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        switch fields.choice(.type, of: ResponseFormat.Kind.self) {
        case .text:
            format = .text
        case .jsonObject:
            format = .jsonObject
        case .jsonSchema:
            fields.require(.schema, "an object")
            format = try NamedSchema(from: decoder).format
        case nil:
            throw FaultGathered()
        }
    }
}
