import Inference

/// The fields of a response request that say what the model may call. Read from the decoder of the body itself.
struct ResponseToolSelection: Decodable, Sendable {
    /// Those that the model may call; never more than the request has.
    let tools: [Tool]
    let choice: ToolChoice
    let allowsParallelCalls: Bool

    private enum CodingKeys: String, CodingKey {
        case tools
        case toolChoice = "tool_choice"
        case parallelToolCalls = "parallel_tool_calls"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let tools =
            fields.array(.tools, of: ResponseTool.self, count: 0...ToolSelection.maximumCount)?.map(\.tool) ?? []
        decoder.faults.addRepeatedNames(of: tools) { index in
            decoder.codingPath + [CodingKeys.tools, AnyKey(intValue: index), FunctionObject.CodingKeys.name]
        }
        allowsParallelCalls = fields.flag(.parallelToolCalls) ?? true
        let option = fields.object(.toolChoice, as: ResponseToolChoice.self)?.option
        let (allowed, choice) = option.resolved(among: tools) { fields.fault(.invalidValue, .toolChoice, $0) }
        self.tools = allowed.map { tools[$0] }
        self.choice = choice
    }
}
