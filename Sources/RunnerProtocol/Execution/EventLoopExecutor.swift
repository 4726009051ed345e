import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// A streamed token passes through tasks and sockets in turn. On Swift's own threads each turn wakes another thread,
/// and on a machine whose every core computes, each waking interrupts the computation. On the loop's thread a token
/// costs one waking a process. (Measured with one stream on two cores: see Docs/benchmarks.md.)
public final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    public init(_ loop: any EventLoop) {
        self.loop = loop
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs what computes for long on Swift's own threads, so that the loop's thread stays free for sockets.
public func offLoop<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { try await body() }
}
