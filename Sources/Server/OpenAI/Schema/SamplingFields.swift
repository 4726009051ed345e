import Inference

/// The fields of a body that say how tokens are chosen, as chat and plain completions have them. Read from the decoder
/// of the body itself.
struct SamplingFields: Decodable, Sendable {
    let parameters: SamplingParameters

    private enum CodingKeys: String, CodingKey {
        case temperature, seed
        case topP = "top_p"
        case topK = "top_k"
        case minP = "min_p"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case repeatPenalty = "repeat_penalty"
        case logitBias = "logit_bias"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        var parameters = SamplingParameters()
        parameters.temperature = fields.number(.temperature, in: 0...2) ?? parameters.temperature
        parameters.topP = fields.number(.topP, in: 0...1) ?? parameters.topP
        parameters.topK = fields.integer(.topK, in: 0...Int(Int32.max)) ?? parameters.topK
        parameters.minP = fields.number(.minP, in: 0...1) ?? parameters.minP
        parameters.frequencyPenalty = fields.number(.frequencyPenalty, in: -2...2) ?? parameters.frequencyPenalty
        parameters.presencePenalty = fields.number(.presencePenalty, in: -2...2) ?? parameters.presencePenalty
        parameters.repetitionPenalty =
            fields.number(.repeatPenalty, above: 0, upTo: 2) ?? parameters.repetitionPenalty
        parameters.logitBias = fields.object(.logitBias, as: LogitBias.self)?.biases ?? parameters.logitBias
        parameters.seed = fields.integer(.seed, in: .min ... .max).map { UInt64(bitPattern: Int64($0)) }
        self.parameters = parameters
    }
}
