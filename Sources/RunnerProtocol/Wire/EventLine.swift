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
///     {"token":"Hel"}
///     {"token":"lo"}
///     {"finished":{"reason":"stop","usage":{…}}}
///
/// A generation that breaks ends with `{"error":{…}}` instead.
package enum EventLine {
    static let tokenPrefix = Array("{\"token\":\"".utf8)
    static let tokenSuffix = Array("\"}".utf8)

    package static func write(_ event: GenerationEvent, to buffer: inout ByteBuffer) throws {
        switch event {
        case .token(let text):
            buffer.writeBytes(tokenPrefix)
            buffer.writeJSONEscaped(text)
            buffer.writeBytes(tokenSuffix)
        case .finished(let completion):
            buffer.writeBytes(try JSONEncoder().encode(Rare(finished: completion)))
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package static func write(_ error: InferenceError, to buffer: inout ByteBuffer) throws {
        buffer.writeBytes(try JSONEncoder().encode(Rare(error: error)))
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    /// The events that come once; tokens have no need of a general coder.
    struct Rare: Codable {
        var token: String?
        var finished: GenerationEvent.Completion?
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
        if line.starts(with: EventLine.tokenPrefix), line.suffix(2).elementsEqual(EventLine.tokenSuffix),
            let text = decodeJSONStringContents(line.dropFirst(EventLine.tokenPrefix.count).dropLast(2))
        {
            return .token(text)
        }
        let rare = try? JSONDecoder().decode(EventLine.Rare.self, from: Data(line))
        if let error = rare?.error { throw error }
        if let finished = rare?.finished { return .finished(finished) }
        if let token = rare?.token { return .token(token) }
        throw InferenceError(.internal, "The runner sent an event that this server does not understand.")
    }
}
