import Inference

/// Computes the texts of all requests of one model together, on one thread.
///
/// Before every batch the requests that came are let in and those given up are dropped; which texts a batch holds
/// ``Inference/EmbeddingQueue`` says.
package final class EmbeddingScheduler: Sendable {
    private let inbox: SchedulerInbox<EmbeddingJob>
    private let published = PublishedStatistics()
    private let thread = ComputeThread()

    /// - Parameter requestLimit: requests that may be in flight.
    package init(requestLimit: Int) {
        inbox = SchedulerInbox(capacity: requestLimit)
    }

    /// Starts the thread that computes. Called once.
    ///
    /// - Parameter context: made on that thread, and used by no other.
    package func start<Context: PoolingContext>(
        threads: Int, context: @escaping @Sendable () throws -> Context
    ) async throws {
        try await thread.start("embedding") { [inbox] in
            EmbeddingLoop(context: try context(), threads: threads, inbox: inbox)
        } run: { [published] loop in
            loop.run(publish: published.set)
        }
    }

    /// Queues a request's texts.
    ///
    /// - Parameter texts: their tokens; none empty, none longer than the model reads.
    /// - Throws: ``InferenceError`` of kind `overloaded` or `unavailable`.
    package func submit(_ texts: [[Int32]]) throws -> EmbeddingJob {
        let job = EmbeddingJob(texts)
        try inbox.submit(job)
        return job
    }

    package var statistics: EngineStatistics { published.value }

    package func setThreads(_ count: Int) {
        inbox.setThreads(max(1, count))
    }

    /// Fails what is in flight, and ends the thread.
    package func stop() async {
        inbox.stop()
        await thread.join()
    }
}
