/// How a stream of events is written.
struct ResponseStreamOptions: Decodable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case includeObfuscation = "include_obfuscation"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        let obfuscates = fields.flag(.includeObfuscation)
        fields.refuse(.includeObfuscation, if: obfuscates == true, supported: "false")
    }
}
