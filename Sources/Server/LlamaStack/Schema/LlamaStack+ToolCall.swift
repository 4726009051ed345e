import Inference

extension LlamaStack {
    /// A call that a model asked for, on its way back to the model.
    struct ToolCall: Decodable, Sendable {
        let call: Inference.ToolCall

        private enum CodingKeys: String, CodingKey {
            case arguments
            case callID = "call_id"
            case toolName = "tool_name"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            fields.require(.callID, "a string")
            fields.require(.arguments, "an object")
            call = Inference.ToolCall(
                id: fields.text(.callID) ?? "", name: fields.requiredText(.toolName),
                arguments: fields.jsonObject(.arguments) ?? "{}")
        }
    }

    /// Whether a tool has to be called.
    enum ToolChoice: String, CaseIterable, Sendable {
        case auto
        case required
    }

    /// How tools are described to a model, and calls by it.
    enum ToolPromptFormat: String, CaseIterable, Sendable {
        case json
        case functionTag = "function_tag"
        case pythonList = "python_list"
    }
}
