/// The content of an input item.
typealias ResponseInputContent = MessageContent<ResponseInputPart>

/// One part of an input item's content.
struct ResponseInputPart: TextualPart {
    static let allowsNoParts = true

    let text: String

    init(text: String) {
        self.text = text
    }

    private enum Kind: String, CaseIterable {
        case inputText = "input_text"
        case outputText = "output_text"
        case refusal
        case reasoningText = "reasoning_text"
        case summaryText = "summary_text"
        case inputImage = "input_image"
        case inputFile = "input_file"
        case inputAudio = "input_audio"
    }

    private enum CodingKeys: String, CodingKey {
        case type, text, refusal
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.type, "a string")
        guard let kind = fields.choice(.type, of: Kind.self) else { throw FaultGathered() }
        switch kind {
        case .inputText, .outputText, .reasoningText, .summaryText:
            fields.require(.text, "a string")
            text = fields.text(.text) ?? ""
        case .refusal:
            fields.require(.refusal, "a string")
            text = fields.text(.refusal) ?? ""
        case .inputImage, .inputFile, .inputAudio:
            fields.refuse(.type, if: true, supported: "input_text, output_text and refusal")
            throw FaultGathered()
        }
    }
}
