/// A kind of output. Only text is served.
struct Modality: Decodable, Sendable {
    init(from decoder: any Decoder) throws {
        let path = decoder.codingPath
        guard let name = try? decoder.singleValueContainer().decode(String.self) else {
            let found = JSONKind(from: decoder).rawValue
            decoder.faults.add(.wrongType, at: path, "expected a string, found \(found)")
            return
        }
        switch name {
        case "text":
            return
        case "audio":
            decoder.faults.add(
                .unsupportedValue, at: path, "this server does not support this value; it supports text")
        default:
            decoder.faults.add(.invalidValue, at: path, "expected one of text, audio")
        }
    }
}
