import Inference
import NIOCore
import RunnerProtocol

/// Writes the chunks of one streamed reply as server-sent events.
///
/// All of a chunk but its text is the same throughout a stream. These bytes are made once; a chunk is then three
/// copies into a buffer.
package struct ChatCompletionChunks: Sendable {
    /// Up to the value of `choices`.
    private let head: ByteBuffer
    /// A chunk with text, before and after the text.
    private let beforeText: ByteBuffer
    private let afterText: ByteBuffer
    private let includeUsage: Bool

    package init(_ identity: ChatCompletionIdentity, includeUsage: Bool) {
        self.includeUsage = includeUsage
        var head = ByteBuffer()
        head.writeStaticString("data: {\"id\":\"")
        head.writeJSONEscaped(identity.id)
        head.writeString("\",\"object\":\"chat.completion.chunk\",\"created\":\(identity.created),\"model\":\"")
        head.writeJSONEscaped(identity.model)
        if let tier = identity.serviceTier {
            head.writeStaticString("\",\"service_tier\":\"")
            head.writeJSONEscaped(tier)
        }
        head.writeStaticString("\",\"system_fingerprint\":\"")
        head.writeJSONEscaped(identity.systemFingerprint)
        head.writeStaticString("\",\"choices\":")
        self.head = head
        beforeText = ByteBuffer(
            bytes: head.readableBytesView + Array("[{\"index\":0,\"delta\":{\"content\":\"".utf8))
        afterText = ByteBuffer(
            string: "\"},\"logprobs\":null,\"finish_reason\":null}]\(includeUsage ? ",\"usage\":null" : "")}\n\n")
    }

    /// The first chunk: who speaks.
    package func writeStart(into buffer: inout ByteBuffer) {
        writeChoice(delta: "{\"role\":\"assistant\",\"content\":\"\"}", reason: "null", into: &buffer)
    }

    package func write(text: String, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(beforeText)
        buffer.writeJSONEscaped(text)
        buffer.writeImmutableBuffer(afterText)
    }

    /// The last chunks: why it ended, the usage where it is wanted, and the mark of the end.
    package func writeEnd(_ completion: GenerationEvent.Completion, into buffer: inout ByteBuffer) {
        writeChoice(delta: "{}", reason: "\"\(completion.reason.rawValue)\"", into: &buffer)
        if includeUsage {
            let usage = completion.usage
            buffer.writeImmutableBuffer(head)
            buffer.writeString(
                """
                [],"usage":{"prompt_tokens":\(usage.promptTokens),"completion_tokens":\(usage.completionTokens),\
                "total_tokens":\(usage.promptTokens + usage.completionTokens),\
                "prompt_tokens_details":{"cached_tokens":\(usage.cachedPromptTokens),"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
                "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}\n\n
                """)
        }
        buffer.writeStaticString("data: [DONE]\n\n")
    }

    private func writeChoice(delta: String, reason: String, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(head)
        buffer.writeString("[{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":\(reason)}]")
        if includeUsage { buffer.writeStaticString(",\"usage\":null") }
        buffer.writeStaticString("}\n\n")
    }
}
