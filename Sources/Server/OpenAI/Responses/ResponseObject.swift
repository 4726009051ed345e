import Inference
import NIOCore
import RunnerProtocol

/// A response in one of its states.
struct ResponseObject: Sendable {
    enum State: Sendable {
        case inProgress
        case ended(FinishReason, TokenUsage)
        case failed(APIError)
    }

    let identity: ResponseIdentity
    let state: State
    let output: [ResponseOutputItem]

    private var status: String {
        switch state {
        case .inProgress: "in_progress"
        case .ended(.length, _): "incomplete"
        case .ended: "completed"
        case .failed: "failed"
        }
    }

    /// Writes the members of the response's JSON object.
    func writeMembers(into response: inout ByteBuffer) {
        response.writeMember("id", identity.id)
        response.writeMember("object", "response")
        response.writeMember("created_at", identity.created)
        response.writeMember("status", status)
        response.writeMember("completed_at", json: status == "completed" ? String(Int.unixTime) : nil)
        response.writeMember("model", identity.model)
        writeEnd(into: &response)
        response.writeMember("output", output) { item, buffer in buffer.writeObject { item.write(into: &$0) } }
        identity.echo.write(into: &response)
    }

    /// How it ended, and what it took.
    private func writeEnd(into response: inout ByteBuffer) {
        switch state {
        case .failed(let error):
            response.writeMember("error") { member in
                member.writeMember("code", error.responseCode)
                member.writeMember("message", error.message)
            }
        default:
            response.writeMember("error", json: nil)
        }
        switch state {
        case .ended(.length, _):
            response.writeMember("incomplete_details") { $0.writeMember("reason", "max_output_tokens") }
        default:
            response.writeMember("incomplete_details", json: nil)
        }
        switch state {
        case .ended(_, let usage):
            response.writeMember("usage") { Self.write(usage, into: &$0) }
        default:
            response.writeMember("usage", json: nil)
        }
    }

    private static func write(_ usage: TokenUsage, into buffer: inout ByteBuffer) {
        buffer.writeMember("input_tokens", usage.promptTokens)
        buffer.writeMember("input_tokens_details") { details in
            details.writeMember("cached_tokens", usage.cachedPromptTokens)
            // What was computed is in the cache now.
            details.writeMember("cache_write_tokens", usage.promptTokens - usage.cachedPromptTokens)
        }
        buffer.writeMember("output_tokens", usage.completionTokens)
        buffer.writeMember("output_tokens_details") { $0.writeMember("reasoning_tokens", usage.reasoningTokens) }
        buffer.writeMember("total_tokens", usage.promptTokens + usage.completionTokens)
    }
}

extension APIError {
    /// The error in the few words that a failed response has for it.
    fileprivate var responseCode: String {
        switch kind {
        case .invalidRequest: "invalid_prompt"
        case .rateLimit: "rate_limit_exceeded"
        default: "server_error"
        }
    }
}
