import Inference
import NIOCore
import RunnerProtocol

extension LlamaStack {
    /// Writes one streamed answer as server-sent events: `start`, `progress` for each piece of text or of a call, then
    /// `complete` with why it ended. There is no `[DONE]`: LlamaStack's clients take every event for JSON.
    ///
    /// A call is told of as `started`, then in pieces of its arguments, `in_progress`, and then whole, as `success`; or
    /// as `failure` with what there is of its arguments, where it was cut off. What a model thinks before it answers
    /// has no place in these events.
    struct ChatCompletionEvents: EventWriter {
        /// The call that is growing.
        private var call: (index: Int, value: Inference.ToolCall)?

        func writeStart(into buffer: inout ByteBuffer) {
            buffer.writeStaticString("data: {\"event\":{\"event_type\":\"start\",\"delta\":\"\"}}\n\n")
        }

        mutating func write(_ event: GenerationEvent, into buffer: inout ByteBuffer) {
            switch event {
            case .delta(let delta):
                if !delta.text.isEmpty || (delta.toolCall == nil && !delta.logprobs.isEmpty) {
                    writeText(delta.text, delta.toolCall == nil ? delta.logprobs : [], into: &buffer)
                }
                if let piece = delta.toolCall { write(piece, delta.logprobs, into: &buffer) }
            case .finished(let reason, choice: _):
                endCall(into: &buffer)
                buffer.writeStaticString(
                    "data: {\"event\":{\"event_type\":\"complete\",\"delta\":\"\",\"stop_reason\":\"")
                buffer.writeString(StopReason(reason).rawValue)
                buffer.writeStaticString("\"}}\n\n")
            case .completed:
                break
            }
        }

        mutating func write(_ error: ErrorBody, into buffer: inout ByteBuffer) {
            let named = ErrorBody(error: error.error.inLlamaStackNames, dialect: error.dialect, trace: error.trace)
            buffer.writeStaticString("data: ")
            buffer.writeImmutableBuffer(named.bytes)
            buffer.writeStaticString("\n\n")
        }

        private mutating func writeText(
            _ text: String, _ logprobs: [TokenLogprob], into buffer: inout ByteBuffer
        ) {
            if !text.isEmpty { endCall(into: &buffer) }
            buffer.writeStaticString("data: {\"event\":{\"event_type\":\"progress\",\"delta\":\"")
            buffer.writeJSONEscaped(text)
            buffer.writeStaticString("\"")
            endEvent(logprobs, into: &buffer)
        }

        private mutating func write(
            _ piece: ToolCallDelta, _ logprobs: [TokenLogprob], into buffer: inout ByteBuffer
        ) {
            if call?.index != piece.index {
                endCall(into: &buffer)
                call = (piece.index, Inference.ToolCall(id: "", name: "", arguments: ""))
                writeCallEvent("started", content: "", piece.arguments.isEmpty ? logprobs : [], into: &buffer)
            } else if piece.arguments.isEmpty, !logprobs.isEmpty {
                writeCallEvent("in_progress", content: "", logprobs, into: &buffer)
            }
            if let id = piece.id { call?.value.id = id }
            if let name = piece.name { call?.value.name = name }
            guard !piece.arguments.isEmpty else { return }
            call?.value.arguments += piece.arguments
            writeCallEvent("in_progress", content: piece.arguments, logprobs, into: &buffer)
        }

        /// Tells of the whole call, now that there is no more of it.
        private mutating func endCall(into buffer: inout ByteBuffer) {
            guard let call = call?.value else { return }
            self.call = nil
            guard call.isWhole else {
                writeCallEvent("failure", content: call.arguments, [], into: &buffer)
                return
            }
            buffer.writeStaticString("data: {\"event\":{\"event_type\":\"progress\",\"delta\":{\"content\":")
            buffer.writeLlamaStackToolCall(call)
            buffer.writeStaticString(",\"parse_status\":\"success\"}")
            endEvent([], into: &buffer)
        }

        private func writeCallEvent(
            _ status: StaticString, content: String, _ logprobs: [TokenLogprob], into buffer: inout ByteBuffer
        ) {
            buffer.writeStaticString("data: {\"event\":{\"event_type\":\"progress\",\"delta\":{\"content\":\"")
            buffer.writeJSONEscaped(content)
            buffer.writeStaticString("\",\"parse_status\":\"")
            buffer.writeStaticString(status)
            buffer.writeStaticString("\"}")
            endEvent(logprobs, into: &buffer)
        }

        /// Behind the value of `delta`.
        private func endEvent(_ logprobs: [TokenLogprob], into buffer: inout ByteBuffer) {
            if !logprobs.isEmpty {
                buffer.writeStaticString(",\"logprobs\":")
                buffer.writeLlamaStackLogprobs(logprobs)
            }
            buffer.writeStaticString("}}\n\n")
        }
    }
}

extension APIError {
    /// The error with its field named as the caller of the LlamaStack surface wrote it.
    fileprivate var inLlamaStackNames: APIError {
        var error = self
        error.parameter = parameter.map(LlamaStack.FieldNames.path(ofChatField:))
        return error
    }
}
