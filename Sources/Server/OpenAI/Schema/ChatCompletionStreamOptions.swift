/// How a stream is written.
struct ChatCompletionStreamOptions: Decodable, Sendable {
    let includeUsage: Bool?

    private enum CodingKeys: String, CodingKey {
        case includeUsage = "include_usage"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        includeUsage = fields.flag(.includeUsage)
    }
}
