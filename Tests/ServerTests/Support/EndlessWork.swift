/// What a model does that never answers, and the news that it began and was given up.
final class EndlessWork: Sendable {
    private let (started, start) = AsyncStream.makeStream(of: Void.self)
    private let (ended, end) = AsyncStream.makeStream(of: Void.self)

    /// Waits until its task is cancelled.
    func run() async throws -> Never {
        start.yield()
        // Nothing ever comes; cancellation ends the waiting.
        for await _ in AsyncStream(Never.self, { _ in }) {}
        end.yield()
        throw CancellationError()
    }

    func hasBegun() async { _ = await started.first { _ in true } }

    /// Would never return if it went unnoticed that nobody waits for the answer.
    func isGivenUp() async { _ = await ended.first { _ in true } }
}
