import Inference

/// Computes all generations of one model together: continuous batching on one thread.
///
/// In every step each running answer advances by a token and prompts are read in chunks beside them; a request that
/// comes joins at the next step, one that ends or loses its reader leaves at once (Yu et al. 2022, "Orca"). Where the
/// cache is full, what idle sequences hold is given up, then a generation is sent back to the queue and
/// later read again (recomputation, Kwon et al. 2023, "PagedAttention"): no answer is lost for want of room.
package final class Scheduler: Sendable {
    private let inbox: SchedulerInbox<GenerationJob>
    private let published = PublishedStatistics()
    private let thread = ComputeThread()

    /// - Parameters:
    ///   - parallel: generations computed side by side.
    ///   - queueLimit: further requests that may wait.
    package init(parallel: Int, queueLimit: Int) {
        self.parallel = parallel
        inbox = SchedulerInbox(capacity: parallel + queueLimit)
    }

    private let parallel: Int

    /// Starts the thread that computes. Called once.
    ///
    /// - Parameter context: made on that thread, and used by no other.
    package func start<Context: DecodingContext>(
        tokenizer: some TokenPieces, suppressed: [Int32], threads: Int,
        context: @escaping @Sendable () throws -> Context
    ) async throws {
        try await thread.start("scheduler") { [inbox, parallel] in
            SchedulerLoop(
                context: try context(), tokenizer: tokenizer, suppressed: suppressed, parallel: parallel,
                threads: threads, inbox: inbox)
        } run: { [published] loop in
            loop.run(publish: published.set)
        }
    }

    /// Queues a generation.
    ///
    /// - Throws: ``InferenceError`` of kind `overloaded` or `unavailable`.
    package func submit(_ job: GenerationJob) throws {
        try inbox.submit(job, places: job.parameters.choices)
    }

    /// A mailbox for a job of this scheduler.
    package func makeMailbox(choices: Int = 1) -> GenerationMailbox {
        GenerationMailbox(choices: choices) { [inbox] in inbox.wake() }
    }

    package var statistics: EngineStatistics { published.value }

    package func setThreads(_ count: Int) {
        inbox.setThreads(max(1, count))
    }

    /// Fails what runs and waits, and ends the thread.
    package func stop() async {
        inbox.stop()
        await thread.join()
    }
}
