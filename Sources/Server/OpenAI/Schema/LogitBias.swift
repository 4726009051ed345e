/// What is added to the logits of tokens, by token id.
struct LogitBias: Decodable, Sendable {
    let biases: [Int32: Float]

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: AnyKey.self)
        var biases: [Int32: Float] = [:]
        for key in fields.container.allKeys {
            // Whether the model has such a token is for its engine to say.
            guard let token = Int32(key.stringValue), token >= 0 else {
                decoder.faults.add(
                    .invalidValue, at: decoder.codingPath, "expected keys that are token ids, integers from 0")
                continue
            }
            fields.require(key, "a number from -100 to 100")
            biases[token] = fields.number(key, in: -100...100)
        }
        self.biases = biases
    }
}
