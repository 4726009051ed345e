/// A part that is text and may be nothing else, as systems, tools and predictions have it.
struct TextPart: TextualPart {
    let text: String

    private enum Kind: String, CaseIterable {
        case text
    }

    private enum CodingKeys: String, CodingKey {
        case type, text
    }

    init(text: String) {
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "text")
        guard fields.choice(.type, of: Kind.self) != nil else { throw FaultGathered() }
        fields.require(.text, "a string")
        text = fields.text(.text) ?? ""
    }
}

/// A part of an assistant's message.
enum AssistantPart: ContentPart {
    case text(String)
    case refusal(String)

    private enum Kind: String, CaseIterable {
        case text, refusal
    }

    private enum CodingKeys: String, CodingKey {
        case type, text, refusal
    }

    init(text: String) {
        self = .text(text)
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        switch fields.choice(.type, of: Kind.self) {
        case .text:
            fields.require(.text, "a string")
            self = .text(fields.text(.text) ?? "")
        case .refusal:
            fields.require(.refusal, "a string")
            self = .refusal(fields.text(.refusal) ?? "")
        case nil: throw FaultGathered()
        }
    }
}
