/// Whether tools may be called. Only the choices that call none are served yet.
struct ToolChoice: Decodable, Sendable {
    init(from decoder: any Decoder) throws {
        let path = decoder.codingPath
        switch JSONKind(from: decoder) {
        case .string:
            switch try decoder.singleValueContainer().decode(String.self) {
            case "none", "auto": return
            case "required": decoder.faults.add(.unsupportedValue, at: path, Self.unsupported)
            default: decoder.faults.add(.invalidValue, at: path, "expected one of none, auto, required, or an object")
            }
        case .object:
            decoder.faults.add(.unsupportedValue, at: path, Self.unsupported)
        case let found:
            decoder.faults.add(.wrongType, at: path, "expected a string or an object, found \(found.rawValue)")
        }
    }

    private static let unsupported = "this server does not support this value yet; it supports none and auto"
}
