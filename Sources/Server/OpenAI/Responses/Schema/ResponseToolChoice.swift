/// The tool choice of a response: a word, or an object that is flat.
struct ResponseToolChoice: Decodable, Sendable {
    let option: ToolChoiceOption

    private enum CodingKeys: String, CodingKey {
        case type
    }

    init(from decoder: any Decoder) throws {
        if let word = try decoder.wordOrObject(ToolChoiceOption.Word.self) {
            option = ToolChoiceOption(word)
            return
        }
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        switch fields.text(.type) {
        case "function":
            option = .function(try FunctionName(from: decoder).name)
        case "allowed_tools":
            option = ToolChoiceOption(try AllowedTools<Reference>(from: decoder))
        case nil:
            throw FaultGathered()
        default:
            fields.refuse(.type, if: true, supported: "function and allowed_tools")
            throw FaultGathered()
        }
    }

    private struct Reference: ToolReference {
        let name: String

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
            fields.require(.type, "a string")
            guard let type = fields.text(.type) else { throw FaultGathered() }
            fields.refuse(.type, if: type != "function", supported: "function")
            name = try FunctionName(from: decoder).name
        }
    }
}
