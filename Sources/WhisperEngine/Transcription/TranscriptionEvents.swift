import Inference

/// The events of one sound: it is worked on when the next one is asked for. Dropping the sequence and its iterator ends the
/// work.
public struct TranscriptionEvents: AsyncSequence, Sendable {
    public typealias Element = TranscriptionEvent
    public typealias Failure = any Error

    let transcription: SoundTranscription

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(transcription: transcription) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let transcription: SoundTranscription

        /// - Throws: ``Inference/InferenceError``, `CancellationError`.
        public mutating func next() async throws -> TranscriptionEvent? { try await transcription.next() }
    }
}
