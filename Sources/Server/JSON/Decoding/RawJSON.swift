/// A value of a body as the text it was written in, with the order of its keys, which decoding would lose.
///
/// The order matters where a value is a JSON Schema: the properties of an answer are generated in the schema's order.
package struct RawJSON: Decodable, Sendable, Equatable {
    /// Valid JSON, without spaces around it.
    package let text: String
    package let kind: JSONKind

    /// - Throws: `DecodingError` where what is decoded is not a body.
    package init(from decoder: any Decoder) throws {
        guard let text = decoder.bodyText?.value(at: decoder.codingPath) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "the text is not at hand"))
        }
        self.text = text
        kind =
            switch text.utf8.first {
            case UInt8(ascii: "{"): .object
            case UInt8(ascii: "["): .array
            case UInt8(ascii: "\""): .string
            case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
            case UInt8(ascii: "n"): .null
            default: .number
            }
    }
}

extension FieldReader {
    /// Any value, as its text.
    func json(_ key: Key) -> RawJSON? {
        value(key, as: RawJSON.self, expected: "a JSON value")
    }

    /// An object, such as a JSON Schema, as its text.
    func jsonObject(_ key: Key) -> String? {
        guard let value = json(key) else { return nil }
        guard value.kind == .object else {
            fault(.wrongType, key, "expected an object, found \(value.kind.rawValue)")
            return nil
        }
        return value.text
    }
}
