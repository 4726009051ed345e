extension LlamaStack {
    /// The body of `POST …/inference/embeddings`.
    struct EmbeddingsRequest: Decodable, Sendable {
        let modelID: String
        let contents: [String]

        private enum CodingKeys: String, CodingKey {
            case model, contents
            case modelID = "model_id"
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            modelID = fields.modelID(.modelID, olderName: .model)
            fields.require(.contents, "an array of contents")
            contents = fields.array(.contents, of: InterleavedContent.self, count: 1 ... .max)?.map(\.text) ?? []
        }
    }
}
