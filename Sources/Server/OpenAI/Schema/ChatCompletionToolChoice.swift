/// The tool choice of a chat completion: a word, or an object that holds another under the name of its type.
struct ChatCompletionToolChoice: Decodable, Sendable {
    let option: ToolChoiceOption

    private enum Kind: String, CaseIterable {
        case function, custom
        case allowedTools = "allowed_tools"
    }

    private enum CodingKeys: String, CodingKey {
        case type, function
        case allowedTools = "allowed_tools"
    }

    init(from decoder: any Decoder) throws {
        if let word = try decoder.wordOrObject(ToolChoiceOption.Word.self) {
            option = ToolChoiceOption(word)
            return
        }
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        switch fields.choice(.type, of: Kind.self) {
        case .function:
            fields.require(.function, "an object")
            guard let function = fields.object(.function, as: FunctionName.self) else { throw FaultGathered() }
            option = .function(function.name)
        case .allowedTools:
            fields.require(.allowedTools, "an object")
            guard let allowed = fields.object(.allowedTools, as: AllowedTools<Reference>.self) else {
                throw FaultGathered()
            }
            option = ToolChoiceOption(allowed)
        case .custom:
            fields.refuse(.type, if: true, supported: "function and allowed_tools")
            throw FaultGathered()
        case nil:
            throw FaultGathered()
        }
    }

    private struct Reference: ToolReference {
        let name: String

        private enum Kind: String, CaseIterable {
            case function, custom
        }

        private enum CodingKeys: String, CodingKey {
            case type, function
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
            fields.require(.type, "a string")
            fields.require(.function, "an object")
            fields.refuse(.type, if: fields.choice(.type, of: Kind.self) == .custom, supported: "function")
            guard let function = fields.object(.function, as: FunctionName.self) else { throw FaultGathered() }
            name = function.name
        }
    }
}

/// A function that is told by its name.
struct FunctionName: Decodable, Sendable {
    let name: String

    private enum CodingKeys: String, CodingKey {
        case name
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        guard let name = fields.requiredName(.name) else { throw FaultGathered() }
        self.name = name
    }
}
