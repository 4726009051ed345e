import Inference

/// What the embedding scheduler's thread does, batch after batch. Nothing else touches its state.
struct EmbeddingLoop<Context: PoolingContext> {
    private struct Request {
        let job: EmbeddingJob
        /// Row after row; none before the first batch with a text of this request.
        var vectors: [Float] = []
        /// Texts whose vectors are to come.
        var missing: Int
    }

    private var context: Context
    private let inbox: SchedulerInbox<EmbeddingJob>
    private var queue = EmbeddingQueue(padding: .none)
    /// By the numbers that the queue gave them.
    private var requests: [Int: Request] = [:]
    private var governor: ThreadGovernor
    private var statistics = EngineStatistics()
    /// What those who wait are to be told, when the counts say so too.
    private var endings: [(job: EmbeddingJob, result: Result<[Float], any Error>)] = []
    /// The vectors of the last batch.
    private var vectors: [Float]
    private let clock = ContinuousClock()

    init(context: Context, threads: Int, inbox: SchedulerInbox<EmbeddingJob>) {
        self.context = context
        self.inbox = inbox
        governor = ThreadGovernor(threads: threads)
        statistics.threads = threads
        vectors = Array(repeating: 0, count: context.textCapacity * context.dimensions)
    }

    /// Runs until the inbox says stop.
    mutating func run(publish: (EngineStatistics) -> Void) {
        publish(statistics)
        while true {
            let news = inbox.take(wait: queue.isEmpty)
            if let threads = news.threads {
                governor.grant(threads)
                useThreads(governor.threads)
            }
            for job in news.jobs { add(job) }
            if news.isStopping {
                let error = InferenceError(.unavailable, "The model is being unloaded; try again.")
                for number in requests.keys { end(number, .failure(error)) }
                return deliver(publish)
            }
            dropAbandoned()
            if let batch = queue.next(tokenBudget: context.tokenBudget, maximumTexts: context.textCapacity) {
                begin(batch)
                publish(counted())
                compute(batch)
            }
            deliver(publish)
        }
    }

    private mutating func useThreads(_ count: Int) {
        context.setThreads(count)
        statistics.threads = count
    }

    private func counted() -> EngineStatistics {
        var statistics = statistics
        statistics.running = requests.values.count { !$0.vectors.isEmpty }
        statistics.queued = requests.count - statistics.running
        return statistics
    }

    // MARK: Coming and going

    private mutating func add(_ job: EmbeddingJob) {
        let number = queue.add(job.texts.map(\.count))
        requests[number] = Request(job: job, missing: job.texts.count)
        if job.texts.isEmpty { end(number, .success([])) }
    }

    private mutating func dropAbandoned() {
        for number in requests.filter(\.value.job.hasEnded).keys { end(number, .failure(CancellationError())) }
    }

    /// Ends a request; its place is free before who waits hears of it.
    private mutating func end(_ number: Int, _ result: Result<[Float], any Error>) {
        guard let request = requests.removeValue(forKey: number) else { return }
        queue.remove(number)
        inbox.ended()
        endings.append((request.job, result))
        switch result {
        case _ where request.job.hasEnded: statistics.cancelledRequests += 1
        case .success: statistics.completedRequests += 1
        case .failure: statistics.failedRequests += 1
        }
    }

    private mutating func deliver(_ publish: (EngineStatistics) -> Void) {
        publish(counted())
        for ending in endings { ending.job.end(ending.result) }
        endings.removeAll()
    }

    // MARK: Computing

    /// Makes room for the vectors of the requests that come into play.
    private mutating func begin(_ batch: EmbeddingQueue.Batch) {
        for text in batch.texts where requests[text.request]?.vectors.isEmpty == true {
            let count = requests[text.request]?.job.texts.count ?? 0
            requests[text.request]?.vectors = Array(repeating: 0, count: count * context.dimensions)
        }
    }

    private mutating func compute(_ batch: EmbeddingQueue.Batch) {
        // The queue knows no request but those here.
        let texts = batch.texts.compactMap { requests[$0.request]?.job.texts[$0.index] }
        let begun = clock.now
        do {
            try context.pool(texts, into: &vectors)
        } catch {
            for number in Set(batch.texts.map(\.request)) { end(number, .failure(error)) }
            return
        }
        let tokens = batch.texts.map(\.length).reduce(0, +)
        let isChanged = governor.record(
            tokens: tokens, position: batch.rowLength, seconds: (clock.now - begun) / .seconds(1))
        if isChanged { useThreads(governor.threads) }
        statistics.steps += 1
        statistics.promptTokens += tokens
        for (row, text) in batch.texts.enumerated() { keep(row, of: text) }
    }

    private mutating func keep(_ row: Int, of text: EmbeddingQueue.Text) {
        let width = context.dimensions
        // Through the dictionary's own place: a copy of the request would copy its vectors.
        requests[text.request]?.vectors.replaceSubrange(
            text.index * width..<(text.index + 1) * width, with: vectors[row * width..<(row + 1) * width])
        requests[text.request]?.missing -= 1
        guard let request = requests[text.request], request.missing == 0 else { return }
        end(text.request, .success(request.vectors))
    }
}
