import Inference
import NIOCore
import RunnerProtocol

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes one streamed completion as server-sent events: every chunk is a reply with what is new in its choices.
struct CompletionChunks: EventWriter {
    /// Up to the value of `choices`.
    private let head: ByteBuffer
    private let tail: String
    private let includeUsage: Bool
    private let includeLogprobs: Bool
    /// Of each choice, where they are wanted.
    private var places: [Int: TokenPlace] = [:]

    init(_ identity: CompletionIdentity, includeLogprobs: Bool, includeUsage: Bool) {
        var head = ByteBuffer()
        head.writeStaticString("data: {\"id\":\"")
        head.writeJSONEscaped(identity.id)
        head.writeString("\",\"object\":\"text_completion\",\"created\":\(identity.created),\"model\":\"")
        head.writeJSONEscaped(identity.model)
        head.writeStaticString("\",\"system_fingerprint\":\"")
        head.writeJSONEscaped(identity.systemFingerprint)
        head.writeStaticString("\",\"choices\":")
        self.head = head
        tail = (includeUsage ? ",\"usage\":null" : "") + "}\n\n"
        self.includeUsage = includeUsage
        self.includeLogprobs = includeLogprobs
    }

    mutating func write(_ event: GenerationEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .delta(let delta):
            write(delta, into: &buffer)
        case .finished(let reason, let choice):
            write(choice: choice, text: "", logprobs: nil, reason: reason, into: &buffer)
        case .completed(let usage):
            if includeUsage {
                buffer.writeImmutableBuffer(head)
                buffer.writeStaticString("[],\"usage\":")
                buffer.writeEncoded(CompletionUsage(usage))
                buffer.writeStaticString("}\n\n")
            }
            buffer.writeStaticString("data: [DONE]\n\n")
        }
    }

    private mutating func write(_ delta: AnswerDelta, into buffer: inout ByteBuffer) {
        var logprobs: CompletionLogprobs?
        if includeLogprobs {
            places[delta.choice, default: TokenPlace()].add(delta.text)
            if !delta.logprobs.isEmpty {
                logprobs = CompletionLogprobs(delta.logprobs, at: &places[delta.choice, default: TokenPlace()])
            }
        }
        guard !delta.text.isEmpty || logprobs != nil else { return }
        write(choice: delta.choice, text: delta.text, logprobs: logprobs, reason: nil, into: &buffer)
    }

    private func write(
        choice: Int, text: String, logprobs: CompletionLogprobs?, reason: FinishReason?, into buffer: inout ByteBuffer
    ) {
        buffer.writeImmutableBuffer(head)
        buffer.writeString("[{\"index\":\(choice),\"text\":\"")
        buffer.writeJSONEscaped(text)
        buffer.writeStaticString("\",\"logprobs\":")
        if let logprobs {
            buffer.writeEncoded(logprobs)
        } else {
            buffer.writeStaticString("null")
        }
        buffer.writeString(",\"finish_reason\":\(reason.map { "\"\($0.rawValue)\"" } ?? "null")}]")
        buffer.writeString(tail)
    }
}

extension ByteBuffer {
    /// Writes a value as JSON. Meant for values that always encode, of texts and finite numbers; another one is `null`.
    fileprivate mutating func writeEncoded(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        writeBytes((try? encoder.encode(value)) ?? Data("null".utf8))
    }
}
