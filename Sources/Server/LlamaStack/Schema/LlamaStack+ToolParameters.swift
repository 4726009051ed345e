extension LlamaStack {
    /// The arguments of a tool by name, as the JSON Schema that they stand for. The order is kept.
    struct ToolParameters: Decodable, Sendable {
        /// Of an object with these arguments.
        let schema: String

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, keyedBy: AnyKey.self)
            var properties: [String] = []
            var required: [String] = []
            for key in try decoder.keysAsWritten() {
                fields.require(key, "the definition of a parameter")
                guard let definition = fields.object(key, as: ToolParamDefinition.self) else { continue }
                let name = key.stringValue.quotedAsJSON
                properties.append("\(name):\(definition.schema)")
                if definition.isRequired { required.append(name) }
            }
            schema =
                #"{"type":"object","properties":{\#(properties.joined(separator: ","))},"#
                + #""required":[\#(required.joined(separator: ","))]}"#
        }
    }

    /// One argument of a tool.
    private struct ToolParamDefinition: Decodable {
        let schema: String
        let isRequired: Bool

        private enum CodingKeys: String, CodingKey {
            case description, required
            case type = "param_type"
            case `default`
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            fields.require(.type, "a string")
            let type = fields.text(.type).flatMap { text in
                let type = ParameterType(text)
                if type == nil { fields.fault(.invalidValue, .type, ParameterType.expected) }
                return type
            }
            var members = type?.members ?? []
            if let description = fields.text(.description) {
                members.append(#""description":\#(description.quotedAsJSON)"#)
            }
            if let value = fields.json(.default) { members.append(#""default":\#(value.text)"#) }
            schema = "{\(members.joined(separator: ","))}"
            isRequired = fields.flag(.required) ?? true
        }
    }
}
