import Inference
import Runners

/// The body of `POST /v1/responses`. Each field's rule is the line that reads it.
struct CreateResponseRequest: Decodable, Sendable {
    let model: String
    let input: ResponseInput?
    let instructions: String?
    let tools: ResponseToolSelection
    let format: OutputFormat
    let reasoningEffort: ReasoningEffort?
    let temperature: Float?
    let topP: Float?
    let maximumTokens: Int?
    /// Whether log-probabilities are wanted, and of how many of the most likely tokens beside the chosen one.
    let topLogprobs: Int?
    let stream: Bool
    let keepAlive: KeepAlive?
    /// What the reply says again.
    let echo: ResponseEcho

    private enum Truncation: String, CaseIterable {
        case auto, disabled
    }

    enum CodingKeys: String, CodingKey {
        case model, input, instructions, temperature, text, reasoning, include, stream, truncation
        case background, conversation, prompt, moderation, image
        case topP = "top_p"
        case topLogprobs = "top_logprobs"
        case maxOutputTokens = "max_output_tokens"
        case maxToolCalls = "max_tool_calls"
        case streamOptions = "stream_options"
        case serviceTier = "service_tier"
        case previousResponseID = "previous_response_id"
        case backgroundOptions = "background_options"
        case contextManagement = "context_management"
        case accessPrograms = "access_programs"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        fields.require(.input, ResponseInput.expected)
        model = fields.requiredText(.model)
        input = fields.object(.input, as: ResponseInput.self)
        instructions = fields.text(.instructions)

        tools = try ResponseToolSelection(from: decoder)
        format = fields.object(.text, as: ResponseTextOptions.self)?.format ?? .text
        reasoningEffort = fields.object(.reasoning, as: ResponseReasoningOptions.self)?.effort

        temperature = fields.number(.temperature, in: 0...2)
        topP = fields.number(.topP, in: 0...1)
        maximumTokens = fields.integer(.maxOutputTokens, in: 1 ... .max)
        let count = fields.integer(.topLogprobs, in: 0...20)
        let inclusions = fields.array(.include, of: ResponseInclusion.self, count: 0 ... .max) ?? []
        topLogprobs = inclusions.contains(.logprobs) ? count ?? 0 : nil
        if let count, count > 0, topLogprobs == nil {
            fields.fault(
                .invalidValue, .topLogprobs,
                "is only allowed to be more than 0 where `include` has \(ResponseInclusion.logprobs.rawValue)")
        }

        stream = fields.flag(.stream) ?? false
        _ = fields.object(.streamOptions, as: ResponseStreamOptions.self)
        if fields.isPresent(.streamOptions), !stream {
            fields.fault(.invalidValue, .streamOptions, "is only allowed where `stream` is true")
        }
        echo = try ResponseEcho(from: decoder)
        _ = try FieldsWithoutEffect(from: decoder)
        keepAlive = try KeepAliveField(from: decoder).time
        _ = fields.choice(.serviceTier, of: ServiceTier.self)
        // It bounds the calls of tools that the server runs itself, of which there are none.
        _ = fields.integer(.maxToolCalls, in: 1 ... .max)
        Self.refuseWhatIsMissing(fields)
    }

    /// What would need stored responses, work without a reader, or services of OpenAI's own.
    private static func refuseWhatIsMissing(_ fields: FieldReader<CodingKeys>) {
        fields.refuse(.previousResponseID)
        fields.refuse(.conversation)
        fields.refuse(.prompt)
        fields.refuse(.background, if: fields.flag(.background) == true, supported: "false")
        fields.refuse(.backgroundOptions)
        fields.refuseElements(.contextManagement)
        fields.refuse(.truncation, if: fields.choice(.truncation, of: Truncation.self) == .auto, supported: "disabled")
        fields.refuse(.accessPrograms)
        fields.refuse(.moderation)
        fields.refuse(.image)
    }
}
