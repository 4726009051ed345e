/// How a stream is written.
struct ChatCompletionStreamOptions: Decodable, Sendable {
    let includeUsage: Bool

    private enum CodingKeys: String, CodingKey {
        case includeUsage = "include_usage"
        case includeObfuscation = "include_obfuscation"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        includeUsage = fields.flag(.includeUsage) ?? false
        // Who asks for padding against listeners on the network must not believe to have it.
        fields.refuse(.includeObfuscation, if: fields.flag(.includeObfuscation) == true, supported: "false")
    }
}
