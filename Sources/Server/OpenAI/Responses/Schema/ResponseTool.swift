import Inference

/// A tool of a response request. Functions are the one kind that is served.
struct ResponseTool: Decodable, Sendable {
    let tool: Tool

    private enum CodingKeys: String, CodingKey {
        case type, async
        case deferLoading = "defer_loading"
        case outputSchema = "output_schema"
        case allowedCallers = "allowed_callers"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        guard let kind = fields.text(.type) else { throw FaultGathered() }
        // The other kinds are OpenAI's own tools, of which there are more every year.
        guard kind == "function" else {
            fields.refuse(.type, if: true, supported: "function")
            throw FaultGathered()
        }
        fields.refuse(.async, if: fields.flag(.async) == true, supported: "false")
        fields.refuse(.deferLoading, if: fields.flag(.deferLoading) == true, supported: "false")
        fields.refuse(.outputSchema)
        let callers = fields.value(.allowedCallers, as: [String].self, expected: "an array of strings")
        fields.refuse(.allowedCallers, if: callers.map { $0 != ["direct"] } ?? false, supported: "[\"direct\"]")
        tool = try FunctionObject(from: decoder).tool
    }
}
