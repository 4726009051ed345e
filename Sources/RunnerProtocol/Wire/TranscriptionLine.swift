import Inference
import NIOCore
import NIOFoundationEssentialsCompat

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How the events of a transcription travel: one line of JSON an event.
///
///     {"began":{"language":"en"}}
///     {"segment":{"id":0,"start":0,"end":2.5,"text":" Hello.",…}}
///     {"finished":{"duration":11}}
///
/// A transcription that breaks ends with `{"error":{…}}` instead.
struct TranscriptionLine: Codable {
    var began: TranscriptionEvent.Beginning?
    var segment: TranscriptionSegment?
    var finished: TranscriptionEvent.Summary?
    var error: InferenceError?

    init(_ event: TranscriptionEvent) {
        switch event {
        case .began(let beginning): began = beginning
        case .segment(let segment): self.segment = segment
        case .finished(let summary): finished = summary
        }
    }

    init(_ error: InferenceError) {
        self.error = error
    }

    /// - Throws: ``InferenceError``: the one that the runner reported, or one of kind `internal` where the line says nothing
    ///   that is understood.
    func event() throws -> TranscriptionEvent {
        if let error { throw error }
        if let began { return .began(began) }
        if let segment { return .segment(segment) }
        if let finished { return .finished(finished) }
        throw Self.notUnderstood
    }

    func write(to buffer: inout ByteBuffer) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        buffer.writeBytes(try encoder.encode(self))
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    /// - Parameter line: without the line break.
    init(_ line: ByteBuffer) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let line = try? decoder.decode(Self.self, from: Data(line.readableBytesView)) else {
            throw Self.notUnderstood
        }
        self = line
    }

    private static let notUnderstood = InferenceError(
        .internal, "The runner sent an event that this server does not understand.")
}
