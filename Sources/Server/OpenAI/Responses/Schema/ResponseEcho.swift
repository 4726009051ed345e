import NIOCore
import RunnerProtocol

/// What a response says again of its request, as JSON; `nil` where the request did not say it.
struct ResponseEcho: Decodable, Sendable {
    private let instructions: String?
    private let maxOutputTokens: String?
    private let maxToolCalls: String?
    private let metadata: String?
    private let parallelToolCalls: String?
    private let promptCacheKey: String?
    private let promptCacheRetention: String?
    private let reasoning: String?
    private let safetyIdentifier: String?
    private let hasServiceTier: Bool
    private let temperature: String?
    private let text: String?
    private let toolChoice: String?
    private let tools: String?
    private let topLogprobs: String?
    private let topP: String?
    private let user: String?

    private enum CodingKeys: String, CodingKey {
        case instructions, metadata, reasoning, temperature, text, tools, user
        case maxOutputTokens = "max_output_tokens"
        case maxToolCalls = "max_tool_calls"
        case parallelToolCalls = "parallel_tool_calls"
        case promptCacheKey = "prompt_cache_key"
        case promptCacheRetention = "prompt_cache_retention"
        case safetyIdentifier = "safety_identifier"
        case serviceTier = "service_tier"
        case toolChoice = "tool_choice"
        case topLogprobs = "top_logprobs"
        case topP = "top_p"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        // Line breaks between tokens of the JSON would end an event of the stream.
        let json = { (key: CodingKeys) in
            fields.json(key)?.text.replacing("\r\n", with: " ").replacing("\n", with: " ").replacing("\r", with: " ")
        }
        instructions = json(.instructions)
        maxOutputTokens = json(.maxOutputTokens)
        maxToolCalls = json(.maxToolCalls)
        metadata = json(.metadata)
        parallelToolCalls = json(.parallelToolCalls)
        promptCacheKey = json(.promptCacheKey)
        promptCacheRetention = json(.promptCacheRetention)
        reasoning = json(.reasoning)
        safetyIdentifier = json(.safetyIdentifier)
        hasServiceTier = fields.isPresent(.serviceTier)
        temperature = json(.temperature)
        text = json(.text)
        toolChoice = json(.toolChoice)
        tools = json(.tools)
        topLogprobs = json(.topLogprobs)
        topP = json(.topP)
        user = json(.user)
    }

    /// Writes the members; a request that did not say something is answered with the default that took its place.
    func write(into buffer: inout ByteBuffer) {
        buffer.writeMember("background", json: "false")
        buffer.writeMember("instructions", json: instructions)
        buffer.writeMember("max_output_tokens", json: maxOutputTokens)
        buffer.writeMember("max_tool_calls", json: maxToolCalls)
        buffer.writeMember("metadata", json: metadata ?? "{}")
        buffer.writeMember("parallel_tool_calls", json: parallelToolCalls ?? "true")
        buffer.writeMember("previous_response_id", json: nil)
        buffer.writeMember("prompt_cache_key", json: promptCacheKey)
        buffer.writeMember("prompt_cache_retention", json: promptCacheRetention)
        buffer.writeMember("reasoning", json: reasoning ?? #"{"effort":null,"summary":null}"#)
        buffer.writeMember("safety_identifier", json: safetyIdentifier)
        if hasServiceTier { buffer.writeMember("service_tier", "default") }
        buffer.writeMember("store", json: "false")
        buffer.writeMember("temperature", json: temperature ?? "1.0")
        buffer.writeMember("text", json: text ?? #"{"format":{"type":"text"}}"#)
        buffer.writeMember("tool_choice", json: toolChoice ?? #""auto""#)
        buffer.writeMember("tools", json: tools ?? "[]")
        buffer.writeMember("top_logprobs", json: topLogprobs ?? "0")
        buffer.writeMember("top_p", json: topP ?? "1.0")
        buffer.writeMember("truncation", "disabled")
        buffer.writeMember("user", json: user)
    }
}
