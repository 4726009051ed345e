/// The body of `POST …/chat/completions`. Each field's rule is the line that reads it.
package struct CreateChatCompletionRequest: Decodable, Sendable {
    let model: String
    let messages: [ChatCompletionRequestMessage]
    let frequencyPenalty: Float?
    let presencePenalty: Float?
    let temperature: Float?
    let topP: Float?
    let topK: Int?
    let minP: Float?
    let repeatPenalty: Float?
    let logitBias: LogitBias?
    let seed: Int?
    let maxCompletionTokens: Int?
    let maxTokens: Int?
    let stop: StopSequences?
    let stream: Bool?
    let streamOptions: ChatCompletionStreamOptions?
    let serviceTier: ServiceTier?

    enum ServiceTier: String, CaseIterable {
        case auto
        case `default`
    }

    enum CodingKeys: String, CodingKey {
        case model, messages, stop, stream, seed, n, user, store, metadata, tools, functions, prediction, modalities
        case audio, grammar, logprobs, temperature
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case topP = "top_p"
        case topK = "top_k"
        case minP = "min_p"
        case repeatPenalty = "repeat_penalty"
        case logitBias = "logit_bias"
        case topLogprobs = "top_logprobs"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case streamOptions = "stream_options"
        case serviceTier = "service_tier"
        case toolChoice = "tool_choice"
        case functionCall = "function_call"
        case parallelToolCalls = "parallel_tool_calls"
        case responseFormat = "response_format"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.messages, "an array of messages")
        model = fields.requiredText(.model)
        messages = fields.array(.messages, of: ChatCompletionRequestMessage.self, count: 1 ... .max) ?? []

        temperature = fields.number(.temperature, in: 0...2)
        topP = fields.number(.topP, in: 0...1)
        topK = fields.integer(.topK, in: 0...Int(Int32.max))
        minP = fields.number(.minP, in: 0...1)
        frequencyPenalty = fields.number(.frequencyPenalty, in: -2...2)
        presencePenalty = fields.number(.presencePenalty, in: -2...2)
        repeatPenalty = fields.number(.repeatPenalty, above: 0, upTo: 2)
        logitBias = fields.object(.logitBias, as: LogitBias.self)
        seed = fields.integer(.seed, in: .min ... .max)

        maxTokens = fields.integer(.maxTokens, in: 1 ... .max)
        maxCompletionTokens = fields.integer(.maxCompletionTokens, in: 1 ... .max)
        stop = fields.object(.stop, as: StopSequences.self)
        stream = fields.flag(.stream)
        streamOptions = fields.object(.streamOptions, as: ChatCompletionStreamOptions.self)
        if fields.isPresent(.streamOptions), stream != true {
            fields.fault(.invalidValue, .streamOptions, "is only allowed where `stream` is true")
        }
        serviceTier = fields.choice(.serviceTier, of: ServiceTier.self)

        _ = fields.text(.user)
        _ = fields.flag(.store)
        _ = fields.flag(.parallelToolCalls)
        _ = fields.object(.metadata, as: Metadata.self)
        Self.refuseWhatIsMissing(fields)
    }

    /// Fields of the API that are checked as promised, and then refused where they ask for what is not there yet.
    private static func refuseWhatIsMissing(_ fields: FieldReader<CodingKeys>) {
        let logprobs = fields.flag(.logprobs)
        let topLogprobs = fields.integer(.topLogprobs, in: 0...20)
        if topLogprobs != nil, logprobs != true {
            fields.fault(.invalidValue, .topLogprobs, "is only allowed where `logprobs` is true")
        }
        fields.refuse(.logprobs, if: logprobs == true, supported: "false")

        let count = fields.integer(.n, in: 1...8)
        fields.refuse(.n, if: (count ?? 1) > 1, supported: "1")

        fields.refuseElements(.tools)
        fields.refuseElements(.functions)
        _ = fields.object(.toolChoice, as: ToolChoice.self)
        _ = fields.object(.functionCall, as: ToolChoice.self)
        _ = fields.object(.responseFormat, as: ResponseFormat.self)
        _ = fields.array(.modalities, of: Modality.self, count: 1 ... .max)
        fields.refuse(.audio)
        fields.refuse(.prediction)
        fields.refuse(.grammar)
    }
}
