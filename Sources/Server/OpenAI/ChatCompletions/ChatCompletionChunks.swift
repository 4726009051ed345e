import Inference
import NIOCore
import RunnerProtocol

/// Writes the chunks of one streamed reply as server-sent events, each about one of its choices.
///
/// All of a chunk but its delta is the same throughout a stream, and most deltas are text and nothing else. Their bytes
/// are made once for each choice; such a chunk is then three copies into a buffer.
package struct ChatCompletionChunks: EventWriter {
    /// Up to the value of `choices`.
    private let head: ByteBuffer
    /// Up to the inside of `delta`, by choice.
    private let beforeDelta: [ByteBuffer]
    /// Of a chunk with text, up to the text, by choice.
    private let beforeText: [ByteBuffer]
    private let afterText: ByteBuffer
    private let includesUsage: Bool
    private let callForm: ToolCallForm

    package init(
        _ identity: ChatCompletionIdentity, choices: Int = 1, includesUsage: Bool = false,
        callForm: ToolCallForm = .toolCalls
    ) {
        self.includesUsage = includesUsage
        self.callForm = callForm
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
        beforeDelta = (0..<choices).map { choice in
            ByteBuffer(bytes: head.readableBytesView + Array("[{\"index\":\(choice),\"delta\":{".utf8))
        }
        beforeText = beforeDelta.map { ByteBuffer(bytes: $0.readableBytesView + Array("\"content\":\"".utf8)) }
        afterText = ByteBuffer(
            string: "\"},\"logprobs\":null,\"finish_reason\":null}]\(includesUsage ? ",\"usage\":null" : "")}\n\n")
    }

    /// The first chunk of each choice: who speaks.
    package func writeStart(into buffer: inout ByteBuffer) {
        for choice in beforeDelta.indices {
            writeChunk(choice, into: &buffer) {
                $0.writeStaticString("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null")
            }
        }
    }

    package func write(_ event: GenerationEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .delta(var delta):
            guard beforeDelta.indices.contains(delta.choice) else { return }
            if callForm == .functionCall, let call = delta.toolCall, call.index > 0 {
                // The deprecated form has room for one.
                delta.toolCall = nil
            }
            if delta.isPlainText {
                write(text: delta.text, choice: delta.choice, into: &buffer)
            } else {
                write(delta, into: &buffer)
            }
        case .finished(let reason, let choice):
            guard beforeDelta.indices.contains(choice) else { return }
            writeChunk(choice, reason: reason.name(callForm), into: &buffer) { _ in }
        case .completed(let usage):
            writeEnd(usage, into: &buffer)
        }
    }

    private func write(text: String, choice: Int, into buffer: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        buffer.writeImmutableBuffer(beforeText[choice])
        buffer.writeJSONEscaped(text)
        buffer.writeImmutableBuffer(afterText)
    }

    /// A delta of any kind.
    private func write(_ delta: AnswerDelta, into buffer: inout ByteBuffer) {
        writeChunk(delta.choice, logprobs: delta.logprobs, into: &buffer) { buffer in
            var separator: StaticString = ""
            if !delta.reasoning.isEmpty {
                buffer.writeStaticString("\"reasoning_content\":\"")
                buffer.writeJSONEscaped(delta.reasoning)
                buffer.writeStaticString("\"")
                separator = ","
            }
            // Log-probabilities alone are of tokens whose text is yet to come: a content of none.
            if !delta.text.isEmpty || (delta.reasoning.isEmpty && delta.toolCall == nil) {
                buffer.writeStaticString(separator)
                buffer.writeStaticString("\"content\":\"")
                buffer.writeJSONEscaped(delta.text)
                buffer.writeStaticString("\"")
                separator = ","
            }
            if let call = delta.toolCall {
                buffer.writeStaticString(separator)
                write(call, into: &buffer)
            }
        }
    }

    private func write(_ call: ToolCallDelta, into buffer: inout ByteBuffer) {
        switch callForm {
        case .toolCalls:
            buffer.writeString("\"tool_calls\":[{\"index\":\(call.index)")
            if let id = call.id {
                buffer.writeStaticString(",\"id\":\"")
                buffer.writeJSONEscaped(id)
                buffer.writeStaticString("\",\"type\":\"function\"")
            }
            buffer.writeStaticString(",\"function\":{")
        case .functionCall:
            buffer.writeStaticString("\"function_call\":{")
        }
        if let name = call.name {
            buffer.writeStaticString("\"name\":\"")
            buffer.writeJSONEscaped(name)
            buffer.writeStaticString("\",")
        }
        buffer.writeStaticString("\"arguments\":\"")
        buffer.writeJSONEscaped(call.arguments)
        buffer.writeStaticString(callForm == .toolCalls ? "\"}}]" : "\"}")
    }

    /// The last chunks: the usage where it is wanted, and the mark of the end.
    private func writeEnd(_ usage: TokenUsage, into buffer: inout ByteBuffer) {
        if includesUsage {
            buffer.writeImmutableBuffer(head)
            buffer.writeStaticString("[],\"usage\":")
            buffer.writeUsage(usage)
            buffer.writeStaticString("}\n\n")
        }
        buffer.writeStaticString("data: [DONE]\n\n")
    }

    private func writeChunk(
        _ choice: Int, logprobs: [TokenLogprob] = [], reason: String? = nil, into buffer: inout ByteBuffer,
        delta: (inout ByteBuffer) -> Void
    ) {
        buffer.writeImmutableBuffer(beforeDelta[choice])
        delta(&buffer)
        buffer.writeStaticString("},\"logprobs\":")
        if logprobs.isEmpty {
            buffer.writeStaticString("null")
        } else {
            buffer.writeStaticString("{\"content\":[")
            for (index, token) in logprobs.enumerated() {
                if index > 0 { buffer.writeStaticString(",") }
                buffer.writeTokenLogprob(token)
            }
            buffer.writeStaticString("],\"refusal\":null}")
        }
        buffer.writeString(",\"finish_reason\":\(reason.map { "\"\($0)\"" } ?? "null")}]")
        if includesUsage { buffer.writeStaticString(",\"usage\":null") }
        buffer.writeStaticString("}\n\n")
    }
}

extension FinishReason {
    /// The reason's name on the wire, by how calls are told.
    func name(_ form: ToolCallForm) -> String {
        self == .toolCalls && form == .functionCall ? "function_call" : rawValue
    }
}
