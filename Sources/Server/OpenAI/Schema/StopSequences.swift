/// Texts that end an answer: one string, or an array of one to four.
struct StopSequences: Decodable, Sendable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            texts = [text]
        } else if let list = try? [String](from: decoder) {
            texts = list
        } else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(
                .wrongType, at: decoder.codingPath, "expected a string or an array of strings, found \(found)")
            throw FaultGathered()
        }
        if !(1...4).contains(texts.count) {
            decoder.faults.add(.outOfRange, at: decoder.codingPath, "expected 1 to 4 strings, found \(texts.count)")
        }
        if texts.contains("") {
            decoder.faults.add(.invalidValue, at: decoder.codingPath, "expected strings that are not empty")
        }
    }
}
