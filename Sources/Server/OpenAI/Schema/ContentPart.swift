/// One part of a message's content.
struct ContentPart: Decodable, Sendable {
    let text: String

    private enum Kind: String, CaseIterable {
        case text
        case refusal
        case imageURL = "image_url"
        case inputAudio = "input_audio"
        case file
    }

    private enum CodingKeys: String, CodingKey {
        case type, text, refusal
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        guard let kind = fields.choice(.type, of: Kind.self) else { throw FaultGathered() }
        switch kind {
        case .text:
            fields.require(.text, "a string")
            text = fields.text(.text) ?? ""
        case .refusal:
            fields.require(.refusal, "a string")
            text = fields.text(.refusal) ?? ""
        case .imageURL, .inputAudio, .file:
            fields.refuse(.type, if: true, supported: "text")
            throw FaultGathered()
        }
    }
}
