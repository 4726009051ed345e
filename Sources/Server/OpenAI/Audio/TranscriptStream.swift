import Inference
import NIOCore
import RunnerProtocol

/// Writes the events of one transcription as server-sent events, a delta for each segment.
struct TranscriptStream: Sendable {
    private var text = TranscriptText()

    mutating func write(_ event: TranscriptionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began: break
        case .segment(let segment):
            let delta = text.add(segment.text)
            guard !delta.isEmpty else { return }
            buffer.writeStaticString("data: {\"type\":\"transcript.text.delta\",\"delta\":\"")
            buffer.writeJSONEscaped(delta)
            buffer.writeStaticString("\"}\n\n")
        case .finished(let summary):
            buffer.writeStaticString("data: {\"type\":\"transcript.text.done\",\"text\":\"")
            buffer.writeJSONEscaped(text.text)
            let seconds = summary.duration.isFinite ? summary.duration.roundedToMilliseconds : 0
            buffer.writeString("\",\"usage\":{\"type\":\"duration\",\"seconds\":\(seconds)}}\n\n")
        }
    }

    /// The last of a stream that fails.
    func write(_ error: ErrorBody, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("data: ")
        buffer.writeImmutableBuffer(error.bytes)
        buffer.writeStaticString("\n\n")
    }
}
