import Inference

/// How a model that thinks before it answers should do so.
struct ResponseReasoningOptions: Decodable, Sendable {
    let effort: ReasoningEffort?
    private enum Summary: String, CaseIterable {
        case auto, concise, detailed
    }

    private enum Context: String, CaseIterable {
        case auto
        case currentTurn = "current_turn"
        case allTurns = "all_turns"
    }

    private enum CodingKeys: String, CodingKey {
        case effort, summary, context, mode
        case generateSummary = "generate_summary"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        effort = fields.choice(.effort, of: ReasoningEffortField.self)?.effort
        // One is the older name of the other. `auto` asks for a summary only where a model makes any.
        for key in [CodingKeys.generateSummary, .summary] {
            let summary = fields.choice(key, of: Summary.self)
            fields.refuse(key, if: summary == .concise || summary == .detailed, supported: "auto")
        }
        let context = fields.choice(.context, of: Context.self)
        fields.refuse(.context, if: context == .currentTurn || context == .allTurns, supported: "auto")
        let mode = fields.text(.mode)
        fields.refuse(.mode, if: mode != nil && mode != "standard", supported: "standard")
    }
}
