import Inference

extension LlamaStack {
    /// The form that an answer must have.
    struct ResponseFormat: Decodable, Sendable {
        let format: OutputFormat

        private enum Kind: String, CaseIterable {
            case jsonSchema = "json_schema"
            case grammar
        }

        private enum CodingKeys: String, CodingKey {
            case type
        }

        private enum SchemaKeys: String, CodingKey {
            case type
            case jsonSchema = "json_schema"
        }

        private enum GrammarKeys: String, CodingKey {
            case type, bnf
        }

        init(from decoder: any Decoder) throws {
            // Open: which other fields there are depends on the type.
            let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
            fields.require(.type, "one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
            switch fields.choice(.type, of: Kind.self) {
            case .jsonSchema:
                let fields = try FieldReader(decoder, closedTo: SchemaKeys.self)
                fields.require(.jsonSchema, "a JSON Schema")
                format = .jsonSchema(fields.jsonObject(.jsonSchema) ?? "{}")
            case .grammar:
                let fields = try FieldReader(decoder, closedTo: GrammarKeys.self)
                fields.require(.bnf, "an object of rules")
                format = .grammar(fields.object(.bnf, as: Grammar.self)?.gbnf ?? "")
            case nil:
                throw FaultGathered()
            }
        }
    }
}
