/// Counts of a running engine, since it started unless said otherwise.
public struct EngineStatistics: Codable, Sendable, Equatable {
    /// Requests being computed now.
    public var running: Int
    /// Requests that wait for a place now.
    public var queued: Int
    /// Threads that compute with, now.
    public var threads: Int
    /// Sequences whose cached tokens wait to be reused now.
    public var cachedSequences: Int
    public var completedRequests: Int
    public var cancelledRequests: Int
    public var failedRequests: Int
    /// Prompt tokens computed.
    public var promptTokens: Int
    /// Prompt tokens taken from the cache.
    public var cachedPromptTokens: Int
    public var completionTokens: Int
    /// Evaluations of the model, each over a batch of tokens.
    public var steps: Int
    /// Running requests sent back to the queue because the cache was full; they lose no text.
    public var preemptions: Int

    public init(
        running: Int = 0, queued: Int = 0, threads: Int = 0, cachedSequences: Int = 0, completedRequests: Int = 0,
        cancelledRequests: Int = 0, failedRequests: Int = 0, promptTokens: Int = 0, cachedPromptTokens: Int = 0,
        completionTokens: Int = 0, steps: Int = 0, preemptions: Int = 0
    ) {
        self.running = running
        self.queued = queued
        self.threads = threads
        self.cachedSequences = cachedSequences
        self.completedRequests = completedRequests
        self.cancelledRequests = cancelledRequests
        self.failedRequests = failedRequests
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
        self.steps = steps
        self.preemptions = preemptions
    }
}
