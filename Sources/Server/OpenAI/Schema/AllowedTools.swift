/// A tool of the request that is told by its name.
protocol ToolReference: Decodable, Sendable {
    var name: String { get }
}

/// The tools among which the model may choose: `mode` and `tools`.
struct AllowedTools<Reference: ToolReference>: Decodable, Sendable {
    let names: [String]
    let isRequired: Bool

    private enum Mode: String, CaseIterable {
        case auto, required
    }

    private enum CodingKeys: String, CodingKey {
        case mode, tools
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.mode, "auto or required")
        fields.require(.tools, "an array of tools")
        isRequired = fields.choice(.mode, of: Mode.self) == .required
        names = fields.array(.tools, of: Reference.self, count: 1...ToolSelection.maximumCount)?.map(\.name) ?? []
    }
}
