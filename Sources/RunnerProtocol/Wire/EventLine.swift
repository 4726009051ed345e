import Inference
import NIOCore
import NIOFoundationEssentialsCompat

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How the events of a generation travel: one line of JSON an event.
///
///     {"choice":0,"text":"Hel"}
///     {"choice":0,"text":"lo"}
///     {"finished":{"choice":0,"reason":"stop"}}
///     {"completed":{…}}
///
/// A delta that is more than text is `{"delta":{…}}`. A generation that breaks ends with `{"error":{…}}` instead.
package enum EventLine {
    static let choice = Array("{\"choice\":".utf8)
    static let text = Array(",\"text\":\"".utf8)
    static let textEnd = Array("\"}".utf8)

    package static func write(_ event: GenerationEvent, to buffer: inout ByteBuffer) throws {
        switch event {
        case .delta(let delta) where delta.isPlainText:
            buffer.writeBytes(choice)
            buffer.writeString(String(delta.choice))
            buffer.writeBytes(text)
            buffer.writeJSONEscaped(delta.text)
            buffer.writeBytes(textEnd)
        case .delta(let delta):
            try buffer.writeBytes(JSONEncoder().encode(Rare(delta: delta)))
        case .finished(let reason, let choice):
            try buffer.writeBytes(JSONEncoder().encode(Rare(finished: .init(choice: choice, reason: reason))))
        case .completed(let usage):
            try buffer.writeBytes(JSONEncoder().encode(Rare(completed: usage)))
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package static func write(_ error: InferenceError, to buffer: inout ByteBuffer) throws {
        buffer.writeBytes(try JSONEncoder().encode(Rare(error: error)))
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    /// All events but plain text, which has no need of a general coder.
    struct Rare: Codable {
        struct Finished: Codable {
            var choice: Int
            var reason: FinishReason
        }

        var choice: Int?
        var text: String?
        var delta: AnswerDelta?
        var finished: Finished?
        var completed: TokenUsage?
        var error: InferenceError?
    }
}

/// Turns the bytes of a reply back into events, however they were cut on the way.
package struct EventLineDecoder {
    private var rest = ByteBuffer()
    /// Why no further event comes: the ``InferenceError`` that the runner reported, or one of kind `internal` where a
    /// line is not understood. To be thrown after the events that came before it.
    package private(set) var failure: (any Error)?

    package init() {}

    /// The events that the chunk completes, up to a failure.
    package mutating func decode(_ chunk: inout ByteBuffer) -> [GenerationEvent] {
        rest.writeBuffer(&chunk)
        var events: [GenerationEvent] = []
        while failure == nil,
            let length = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map({ $0 - rest.readerIndex }),
            let line = rest.readSlice(length: length)
        {
            rest.moveReaderIndex(forwardBy: 1)
            do {
                events.append(try event(line.readableBytesView))
            } catch {
                failure = error
            }
        }
        rest.discardReadBytes()
        return events
    }

    private func event(_ line: ByteBufferView) throws -> GenerationEvent {
        if let event = plainText(line) { return event }
        let rare = try? JSONDecoder().decode(EventLine.Rare.self, from: Data(line))
        if let error = rare?.error { throw error }
        if let delta = rare?.delta { return .delta(delta) }
        if let finished = rare?.finished { return .finished(finished.reason, choice: finished.choice) }
        if let usage = rare?.completed { return .completed(usage) }
        if let text = rare?.text { return .text(text, choice: rare?.choice ?? 0) }
        throw InferenceError(.internal, "The runner sent an event that this server does not understand.")
    }

    /// A line exactly as ``EventLine`` writes plain text.
    private func plainText(_ line: ByteBufferView) -> GenerationEvent? {
        guard line.starts(with: EventLine.choice), line.suffix(2).elementsEqual(EventLine.textEnd) else { return nil }
        var rest = line.dropFirst(EventLine.choice.count)
        var choice = 0
        while let digit = rest.first, (0x30...0x39).contains(digit), choice < 1 << 20 {
            choice = choice * 10 + Int(digit - 0x30)
            rest = rest.dropFirst()
        }
        guard rest.starts(with: EventLine.text),
            let text = decodeJSONStringContents(rest.dropFirst(EventLine.text.count).dropLast(2))
        else { return nil }
        return .text(text, choice: choice)
    }
}
