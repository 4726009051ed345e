/// A kind of content part, by who may send it.
protocol ContentPart: Decodable, Sendable {
    /// The part that a plain string stands for.
    init(text: String)

    /// Whether a content may be an array of no parts.
    static var allowsNoParts: Bool { get }
}

extension ContentPart {
    static var allowsNoParts: Bool { false }
}

/// A part whose text is all of it.
protocol TextualPart: ContentPart {
    var text: String { get }
}

/// The content of a message: a string, or an array of parts.
struct MessageContent<Part: ContentPart>: Decodable, Sendable {
    let parts: [Part]

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            parts = [Part(text: text)]
            return
        }
        guard let parts = try? [Checked<Part>](from: decoder) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(
                .wrongType, at: decoder.codingPath, "expected a string or an array of content parts, found \(found)")
            throw FaultGathered()
        }
        guard !parts.isEmpty || Part.allowsNoParts else {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected at least 1 content part, found 0")
            throw FaultGathered()
        }
        self.parts = parts.compactMap(\.value)
    }
}

extension MessageContent where Part: TextualPart {
    /// The parts' texts, joined by line breaks.
    var text: String { parts.map(\.text).joined(separator: "\n") }
}
