import Inference

/// A tool of a chat request. Functions are the one kind that is served.
struct ChatCompletionTool: Decodable, Sendable {
    let tool: Tool

    private enum Kind: String, CaseIterable {
        case function, custom
    }

    private enum CodingKeys: String, CodingKey {
        case type, function
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        guard let kind = fields.choice(.type, of: Kind.self) else { throw FaultGathered() }
        fields.refuse(.type, if: kind == .custom, supported: "function")
        guard kind == .function else { throw FaultGathered() }
        fields.require(.function, "an object")
        guard let function = fields.object(.function, as: FunctionObject.self) else { throw FaultGathered() }
        tool = function.tool
    }
}
