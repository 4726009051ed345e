import Inference

/// A part of a user's message.
///
/// Files are checked whole, so that what is wrong with them is told first; then they are refused.
enum UserPart: ContentPart {
    case text(String)
    /// A picture or a sound, placed at 0.
    case attachment(Attachment)

    private enum Kind: String, CaseIterable {
        case text
        case imageURL = "image_url"
        case inputAudio = "input_audio"
        case file
    }

    private enum CodingKeys: String, CodingKey {
        case type, text, file
        case imageURL = "image_url"
        case inputAudio = "input_audio"
    }

    init(text: String) {
        self = .text(text)
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let path = decoder.codingPath.fieldPath ?? ""
        fields.require(.type, "a string")
        guard let kind = fields.choice(.type, of: Kind.self) else { throw FaultGathered() }
        switch kind {
        case .text:
            fields.require(.text, "a string")
            self = .text(fields.text(.text) ?? "")
        case .imageURL:
            fields.require(.imageURL, "an object")
            guard let image = fields.object(.imageURL, as: ImageURL.self) else { throw FaultGathered() }
            self = .attachment(Attachment(.image, data: image.data, position: 0, field: path + ".image_url.url"))
        case .inputAudio:
            fields.require(.inputAudio, "an object")
            guard let audio = fields.object(.inputAudio, as: InputAudio.self) else { throw FaultGathered() }
            self = .attachment(Attachment(.audio, data: audio.data, position: 0, field: path + ".input_audio.data"))
        case .file:
            fields.require(.file, "an object")
            if fields.object(.file, as: InputFile.self) != nil {
                decoder.faults.add(
                    .unsupportedValue, at: decoder.codingPath, "models here cannot read files; send text")
            }
            throw FaultGathered()
        }
    }
}
