import Inference

/// A call that an earlier answer asked for, on its way back in.
struct MessageToolCall: Decodable, Sendable {
    let call: ToolCall

    private enum Kind: String, CaseIterable {
        case function, custom
    }

    private enum CodingKeys: String, CodingKey {
        case id, type, function
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let id = fields.requiredText(.id)
        fields.require(.type, "a string")
        let kind = fields.choice(.type, of: Kind.self)
        fields.refuse(.type, if: kind == .custom, supported: "function")
        guard kind == .function else { throw FaultGathered() }
        fields.require(.function, "an object")
        guard let function = fields.object(.function, as: CalledFunction.self) else { throw FaultGathered() }
        call = ToolCall(id: id, name: function.name, arguments: function.arguments)
    }
}

/// The function of a call, and what it was called with.
struct CalledFunction: Decodable, Sendable {
    let name: String
    /// JSON.
    let arguments: String

    private enum CodingKeys: String, CodingKey {
        case name, arguments
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        name = fields.requiredText(.name)
        fields.require(.arguments, "a string that is JSON")
        arguments = fields.jsonText(.arguments) ?? ""
    }
}
