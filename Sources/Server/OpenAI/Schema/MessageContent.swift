/// The content of a message: a string, or parts of text that are joined by line breaks.
struct MessageContent: Decodable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.text = text
            return
        }
        guard let parts = try? [Checked<ContentPart>](from: decoder) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(
                .wrongType, at: decoder.codingPath, "expected a string or an array of content parts, found \(found)")
            throw FaultGathered()
        }
        guard !parts.isEmpty else {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at least 1 content part, found 0")
            throw FaultGathered()
        }
        text = parts.compactMap(\.value?.text).joined(separator: "\n")
    }
}
