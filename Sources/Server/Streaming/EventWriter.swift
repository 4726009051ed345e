import Inference
import NIOCore

/// Turns the events of one generation into the bytes of one endpoint's stream. It is asked for them in order, and once.
protocol EventWriter: Sendable {
    /// What comes before the first event.
    mutating func writeStart(into buffer: inout ByteBuffer)

    /// What an event becomes; nothing is written where it has nothing to say. `.completed` is the last.
    mutating func write(_ event: GenerationEvent, into buffer: inout ByteBuffer)

    /// The last of a stream that fails, instead of the events that are missing.
    mutating func write(_ error: ErrorBody, into buffer: inout ByteBuffer)
}

extension EventWriter {
    mutating func writeStart(into buffer: inout ByteBuffer) {}

    /// The error as a server-sent event without a name.
    mutating func write(_ error: ErrorBody, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("data: ")
        buffer.writeImmutableBuffer(error.bytes)
        buffer.writeStaticString("\n\n")
    }
}
