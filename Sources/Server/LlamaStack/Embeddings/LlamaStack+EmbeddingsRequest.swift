import Inference
import Runners

extension LlamaStack {
    /// The body of `POST …/inference/embeddings`. Each field's rule is the line that reads it.
    ///
    /// Published clients send a model and contents; later ones of LlamaStack's say more, which is taken too.
    struct EmbeddingsRequest: Decodable, Sendable {
        let modelID: String
        let contents: [EmbeddingContent]
        let truncation: EmbeddingRequest.Truncation
        let dimensions: Int?
        let keepAlive: KeepAlive?

        private enum CodingKeys: String, CodingKey {
            case model, contents
            case modelID = "model_id"
            case taskType = "task_type"
            case textTruncation = "text_truncation"
            case outputDimension = "output_dimension"
            case keepAlive = "keep_alive"
        }

        private enum TaskType: String, CaseIterable {
            case query, document
        }

        init(from decoder: any Decoder) throws {
            let fields = try FieldReader(decoder, closedTo: CodingKeys.self)
            modelID = fields.modelID(.modelID, olderName: .model)
            fields.require(.contents, "an array of contents")
            contents = fields.array(.contents, of: EmbeddingContent.self, count: 1...TextInputs.most) ?? []
            // What a model wants before a query or a document, its users write themselves.
            _ = fields.choice(.taskType, of: TaskType.self)
            truncation = fields.choice(.textTruncation, of: Truncation.self)?.domain ?? .none
            dimensions = fields.integer(.outputDimension, in: 1 ... .max)
            keepAlive = fields.keepAlive(.keepAlive)
        }
    }

    /// What becomes of a text that is longer than the model reads.
    private enum Truncation: String, CaseIterable {
        case none, start, end

        var domain: EmbeddingRequest.Truncation {
            switch self {
            case .none: .none
            case .start: .start
            case .end: .end
            }
        }
    }
}

extension LlamaStack.EmbeddingsRequest {
    /// Places in `contents`, in the order of the domain's inputs: texts first, then images.
    private var order: (texts: [Int], images: [Int]) {
        var order: (texts: [Int], images: [Int]) = ([], [])
        for (index, content) in contents.enumerated() {
            switch content {
            case .text: order.texts.append(index)
            case .image: order.images.append(index)
            }
        }
        return order
    }

    /// What the rooms below are asked.
    var request: EmbeddingRequest {
        let (texts, images) = order
        return EmbeddingRequest(
            inputs: (texts + images).map { contents[$0].input }, dimensions: dimensions, truncation: truncation)
    }

    var pictures: [SentPicture] {
        contents.enumerated().compactMap { index, content in
            guard case .image(let file, let field) = content else { return nil }
            return SentPicture(file: file, field: "contents[\(index)]\(field)")
        }
    }

    /// The caller's name of an input, given as the domain names it.
    func field(_ name: String) -> String {
        let (texts, images) = order
        for (list, places) in [("input", texts), ("images", images)] {
            // A list as a whole is at fault where the model reads none of its kind; its first is named.
            let index = name == list ? 0 : name.index(in: list)
            if let index, places.indices.contains(index) { return "contents[\(places[index])]" }
        }
        return name == "dimensions" ? "output_dimension" : name
    }

    /// The vectors in the order of the contents.
    func arranged(_ embeddings: Embeddings) -> [ArraySlice<Float>] {
        let (texts, images) = order
        let vectors = zip(texts + images, embeddings.vectors)
        return vectors.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension String {
    /// The index of the element that the path is in, of a list of this name.
    fileprivate func index(in list: String) -> Int? {
        guard hasPrefix(list + "[") else { return nil }
        return Int(dropFirst(list.count + 1).prefix { $0 != "]" })
    }
}
