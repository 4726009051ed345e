import Inference
import NIOCore
import RunnerProtocol

/// Writes one streamed response as server-sent events: each has a name, a type that is the same, and a number in their
/// sequence. The response's end is the end of the stream; there is no `[DONE]`.
struct ResponseEvents: EventWriter {
    private let identity: ResponseIdentity
    private var output = ResponseOutput()
    private var reason = FinishReason.stop
    private var sequenceNumber = 0

    init(_ identity: ResponseIdentity) {
        self.identity = identity
    }

    mutating func writeStart(into buffer: inout ByteBuffer) {
        write("response.created", .inProgress, into: &buffer)
        write("response.in_progress", .inProgress, into: &buffer)
    }

    mutating func write(_ event: GenerationEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .delta(let delta):
            for change in output.add(delta) { write(change, into: &buffer) }
        case .finished(let reason, choice: _):
            self.reason = reason
            for change in output.finish(reason) { write(change, into: &buffer) }
        case .completed(let usage):
            write(
                reason == .length ? "response.incomplete" : "response.completed", .ended(reason, usage),
                into: &buffer)
        }
    }

    /// The response as it failed, then the error by itself, as every stream of this server ends that fails.
    mutating func write(_ error: ErrorBody, into buffer: inout ByteBuffer) {
        write("response.failed", .failed(error.error), into: &buffer)
        writeEvent("error", into: &buffer) { event in
            event.writeMember("code", error.error.code)
            event.writeMember("message", error.error.message)
            event.writeMember("param", error.error.parameter)
            event.writeMember("error") { inner in
                inner.writeMember("message", error.error.message)
                inner.writeMember("type", error.error.kind.rawValue)
                inner.writeMember("param", error.error.parameter)
                inner.writeMember("code", error.error.code)
            }
        }
    }

    private mutating func write(
        _ name: StaticString, _ state: ResponseObject.State, into buffer: inout ByteBuffer
    ) {
        let response = ResponseObject(identity: identity, state: state, output: output.items)
        writeEvent(name, into: &buffer) { event in
            event.writeMember("response") { response.writeMembers(into: &$0) }
        }
    }

    private mutating func write(_ change: ResponseOutput.Change, into buffer: inout ByteBuffer) {
        switch change {
        case .began(let index): writeBeginning(of: index, into: &buffer)
        case .grew(let index, let text, let logprobs): writeGrowth(of: index, text, logprobs, into: &buffer)
        case .ended(let index): writeEnd(of: index, into: &buffer)
        }
    }

    private mutating func writeBeginning(of index: Int, into buffer: inout ByteBuffer) {
        let item = output.items[index]
        writeEvent("response.output_item.added", into: &buffer) { event in
            event.writeMember("output_index", index)
            event.writeMember("item") { item.writeBeginning(into: &$0) }
        }
        guard item.hasPart else { return }
        writeEvent("response.content_part.added", into: &buffer) { event in
            Self.writePlace(of: item, at: index, into: &event)
            event.writeMember("part") { item.writePartBeginning(into: &$0) }
        }
    }

    private mutating func writeGrowth(
        of index: Int, _ text: String, _ logprobs: [TokenLogprob], into buffer: inout ByteBuffer
    ) {
        let item = output.items[index]
        let name: StaticString =
            switch item.kind {
            case .reasoning: "response.reasoning_text.delta"
            case .message: "response.output_text.delta"
            case .functionCall: "response.function_call_arguments.delta"
            }
        writeEvent(name, into: &buffer) { event in
            Self.writePlace(of: item, at: index, into: &event)
            event.writeMember("delta", text)
            if item.kind == .message { event.writeMember("logprobs", logprobs) { $1.writeTokenLogprob($0) } }
        }
    }

    private mutating func writeEnd(of index: Int, into buffer: inout ByteBuffer) {
        let item = output.items[index]
        switch item.kind {
        case .reasoning:
            writeEvent("response.reasoning_text.done", into: &buffer) { event in
                Self.writePlace(of: item, at: index, into: &event)
                event.writeMember("text", item.text)
            }
        case .message:
            writeEvent("response.output_text.done", into: &buffer) { event in
                Self.writePlace(of: item, at: index, into: &event)
                event.writeMember("text", item.text)
                event.writeMember("logprobs", item.logprobs) { $1.writeTokenLogprob($0) }
            }
        case .functionCall(callID: _, let name):
            writeEvent("response.function_call_arguments.done", into: &buffer) { event in
                Self.writePlace(of: item, at: index, into: &event)
                event.writeMember("name", name)
                event.writeMember("arguments", item.text)
            }
        }
        if item.hasPart {
            writeEvent("response.content_part.done", into: &buffer) { event in
                Self.writePlace(of: item, at: index, into: &event)
                event.writeMember("part") { item.writePart(into: &$0) }
            }
        }
        writeEvent("response.output_item.done", into: &buffer) { event in
            event.writeMember("output_index", index)
            event.writeMember("item") { item.write(into: &$0) }
        }
    }

    /// Which item, and which part of its content, an event is about.
    private static func writePlace(of item: ResponseOutputItem, at index: Int, into event: inout ByteBuffer) {
        event.writeMember("item_id", item.id)
        event.writeMember("output_index", index)
        if item.hasPart { event.writeMember("content_index", 0) }
    }

    private mutating func writeEvent(
        _ type: StaticString, into buffer: inout ByteBuffer, members: (inout ByteBuffer) -> Void
    ) {
        buffer.writeStaticString("event: ")
        buffer.writeStaticString(type)
        buffer.writeStaticString("\ndata: ")
        buffer.writeObject { event in
            event.writeMember("type", json: "\"\(type)\"")
            event.writeMember("sequence_number", sequenceNumber)
            members(&event)
        }
        buffer.writeStaticString("\n\n")
        sequenceNumber += 1
    }
}
