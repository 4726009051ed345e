import Inference
import NIOCore
import RunnerProtocol

/// One item of a response's output, whole or as far as it has come.
struct ResponseOutputItem: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// What the model thought before what follows.
        case reasoning
        case message
        case functionCall(callID: String, name: String)
    }

    enum Status: String, Sendable {
        case inProgress = "in_progress"
        case completed
        /// The limit of tokens came before its end.
        case incomplete
    }

    let id: String
    let kind: Kind
    var status = Status.inProgress
    /// A call's arguments, or the text.
    var text = ""
    /// Of a message's tokens, where they were asked for.
    var logprobs: [TokenLogprob] = []

    /// An item that has just begun.
    init(_ kind: Kind) {
        let prefix =
            switch kind {
            case .reasoning: "rs_"
            case .message: "msg_"
            case .functionCall: "fc_"
            }
        id = .identifier(prefix)
        self.kind = kind
    }

    /// Whether the item's text is a part of a content; a call's arguments are not.
    var hasPart: Bool {
        if case .functionCall = kind { false } else { true }
    }

    /// Writes the members of the item's JSON object.
    func write(into buffer: inout ByteBuffer) {
        write(status, hasContent: true, into: &buffer)
    }

    /// Writes the members of the item's JSON object, as it was when it had just begun.
    func writeBeginning(into buffer: inout ByteBuffer) {
        write(.inProgress, hasContent: false, into: &buffer)
    }

    /// Writes the members of the one part of the item's content.
    func writePart(into buffer: inout ByteBuffer) {
        writePart(text, logprobs, into: &buffer)
    }

    /// Writes the members of the one part of the item's content, as it was when it had just begun.
    func writePartBeginning(into buffer: inout ByteBuffer) {
        writePart("", [], into: &buffer)
    }

    private func write(_ status: Status, hasContent: Bool, into item: inout ByteBuffer) {
        item.writeMember("id", id)
        item.writeMember("status", status.rawValue)
        let parts = hasContent ? [self] : []
        switch kind {
        case .reasoning:
            item.writeMember("type", "reasoning")
            item.writeMember("summary", json: "[]")
            item.writeMember("content", parts) { part, buffer in buffer.writeObject { part.writePart(into: &$0) } }
        case .message:
            item.writeMember("type", "message")
            item.writeMember("role", "assistant")
            item.writeMember("content", parts) { part, buffer in buffer.writeObject { part.writePart(into: &$0) } }
        case .functionCall(let callID, let name):
            item.writeMember("type", "function_call")
            item.writeMember("call_id", callID)
            item.writeMember("name", name)
            item.writeMember("arguments", hasContent ? text : "")
        }
    }

    private func writePart(_ text: String, _ logprobs: [TokenLogprob], into part: inout ByteBuffer) {
        if kind == .message {
            part.writeMember("type", "output_text")
            part.writeMember("annotations", json: "[]")
            part.writeMember("logprobs", logprobs) { $1.writeTokenLogprob($0) }
        } else {
            part.writeMember("type", "reasoning_text")
        }
        part.writeMember("text", text)
    }
}
