/// An engine that continues conversations and texts.
public protocol ChatEngine: Sendable {
    /// Events in batches: all that were ready when the reader asked. Dropping the iterator, or cancelling the task
    /// that reads, cancels the generation within one step of the engine.
    associatedtype Events: AsyncSequence<[GenerationEvent], any Error> & Sendable

    /// Checks and queues a request.
    ///
    /// - Returns: the events, as soon as the request has its place; reading them is reading the answer.
    /// - Throws: ``InferenceError`` where the request cannot be served; errors after that come through the events.
    func generate(_ request: GenerationRequest) async throws -> Events
}
