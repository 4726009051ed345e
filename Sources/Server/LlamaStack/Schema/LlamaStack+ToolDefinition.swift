import Inference

extension LlamaStack {
    /// A function that the model may ask to be called.
    struct ToolDefinition: Decodable, Sendable {
        let tool: Tool

        enum CodingKeys: String, CodingKey {
            case description, parameters
            case toolName = "tool_name"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            let name = fields.requiredName(.toolName)
            let description = fields.text(.description)
            let parameters = fields.object(.parameters, as: ToolParameters.self)?.schema
            guard let name else { throw FaultGathered() }
            let builtin = BuiltinTool(rawValue: name)
            tool = Tool(
                name: name, description: description ?? builtin?.description,
                parameters: parameters ?? builtin?.parameters)
        }
    }
}
