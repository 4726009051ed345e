import Inference

/// What waits and what is being computed: decides which lane does what next. It computes nothing itself.
package struct EncodingWork {
    /// A thread that computes, by the share of the machine that it uses.
    package enum Lane: Sendable, Equatable {
        /// One of several that run side by side, by number from 0.
        case narrow(Int)
        /// All threads on one batch: for few texts, which narrow lanes would leave threads idle over.
        case wide
    }

    /// A batch, and the tokens of its texts.
    package struct Batch: Sendable {
        package var batch: EmbeddingQueue.Batch
        package var texts: [[Int32]]
    }

    /// A request in flight.
    private struct Request {
        let job: EncodingJob
        /// Row after row; none before the first batch with a text of this request.
        var vectors: [Float] = []
        /// Texts whose vectors are to come.
        var missing: Int
    }

    private var queue: EmbeddingQueue
    private var requests: [Int: Request] = [:]
    private var batchSize = BatchSize()
    private var waitingTokens = 0
    private var busyLanes = 0
    /// Tokens that the wide lane computes now; `nil` while it is free.
    private var wideTokens: Int?
    private var isStopping = false
    private let requestLimit: Int
    private let lanes: Int
    private let hasWideLane: Bool
    private let isPadded: Bool
    private let width: Int
    private let maximumRows: Int
    package private(set) var statistics = EngineStatistics()

    /// - Parameters:
    ///   - lanes: narrow lanes.
    ///   - requestLimit: requests that may be in flight.
    ///   - width: components of a vector.
    ///   - maximumRows: the most texts in a batch.
    package init(
        padding: EmbeddingQueue.Padding, lanes: Int, hasWideLane: Bool, requestLimit: Int, width: Int,
        maximumRows: Int = .max
    ) {
        queue = EmbeddingQueue(padding: padding)
        isPadded = padding != .none
        self.lanes = lanes
        self.hasWideLane = hasWideLane
        self.requestLimit = requestLimit
        self.width = width
        self.maximumRows = maximumRows
        statistics.threads = lanes
    }

    // MARK: Requests

    /// Takes a request on.
    ///
    /// - Returns: its number; `nil` where it had no text and has ended.
    /// - Throws: ``Inference/InferenceError`` of kind `overloaded` or `unavailable`.
    package mutating func add(_ job: EncodingJob) throws(InferenceError) -> Int? {
        if isStopping { throw Self.stopping }
        guard requests.count < requestLimit else {
            throw InferenceError(
                .overloaded,
                "\(requestLimit) requests are running or waiting for this model already; try again later.",
                retryAfterSeconds: 1)
        }
        guard !job.texts.isEmpty else {
            job.end(.success([]))
            return nil
        }
        let number = queue.add(job.texts.map(\.count))
        requests[number] = Request(job: job, missing: job.texts.count)
        waitingTokens += job.texts.reduce(0) { $0 + $1.count }
        count()
        return number
    }

    /// Drops a request whose caller has gone; what is being computed for it is thrown away.
    package mutating func cancel(_ number: Int) {
        guard drop(number) != nil else { return }
        statistics.cancelledRequests += 1
    }

    /// Fails what is in flight; nothing is taken on any more.
    package mutating func stop() {
        isStopping = true
        for number in requests.keys { fail(number, Self.stopping) }
    }

    /// How many narrow lanes may compute, from the next batch on.
    package mutating func setThreads(_ count: Int) {
        statistics.threads = min(max(1, count), lanes)
    }

    // MARK: Batches

    package enum Next: Sendable {
        case compute(Batch)
        case wait
        case end
    }

    /// What a lane shall do.
    package mutating func next(for lane: Lane) -> Next {
        if isStopping { return .end }
        guard mayWork(lane), let batch = nextBatch(for: lane) else { return .wait }
        if lane == .wide {
            wideTokens = isPadded ? batch.texts.count * batch.rowLength : batch.texts.reduce(0) { $0 + $1.length }
        } else {
            busyLanes += 1
        }
        var texts: [[Int32]] = []
        for text in batch.texts {
            // The queue knows no request but those here.
            guard let request = requests[text.request] else { continue }
            if request.vectors.isEmpty {
                requests[text.request]?.vectors = Array(repeating: 0, count: request.job.texts.count * width)
            }
            texts.append(request.job.texts[text.index])
            waitingTokens -= text.length
        }
        count()
        return .compute(Batch(batch: batch, texts: texts))
    }

    /// What would leave narrow lanes idle goes to the wide lane when nothing else runs, all else to the narrow ones.
    private func mayWork(_ lane: Lane) -> Bool {
        let isLittle = queue.count < lanes || waitingTokens < lanes * BatchSize.worthwhile
        let isForWide =
            hasWideLane && wideTokens == nil && busyLanes == 0 && statistics.threads == lanes && isLittle
        switch lane {
        case .wide: return isForWide
        case .narrow(let number):
            // What the wide lane is soon done with is waited for: the threads are its own until then.
            return number < statistics.threads && !isForWide && wideTokens ?? .max >= BatchSize.largest
        }
    }

    private mutating func nextBatch(for lane: Lane) -> EmbeddingQueue.Batch? {
        switch lane {
        case .wide: queue.next(tokenBudget: BatchSize.largest, maximumTexts: maximumRows, worthwhile: .max)
        case .narrow:
            queue.next(
                tokenBudget: batchSize.budget(waitingTokens: waitingTokens, lanes: statistics.threads),
                maximumTexts: maximumRows, worthwhile: BatchSize.worthwhile)
        }
    }

    /// Takes a batch's vectors in and ends the requests that have all of theirs.
    package mutating func finish(
        _ lane: Lane, _ batch: EmbeddingQueue.Batch, _ result: Result<[Float], InferenceError>, seconds: Double
    ) {
        if lane == .wide {
            wideTokens = nil
        } else {
            busyLanes -= 1
        }
        statistics.steps += 1
        switch result {
        case .failure(let error): for number in Set(batch.texts.map(\.request)) { fail(number, error) }
        case .success(let vectors):
            let tokens = batch.texts.reduce(0) { $0 + $1.length }
            statistics.promptTokens += tokens
            if lane != .wide { batchSize.record(tokens: tokens, seconds: seconds) }
            for (row, text) in batch.texts.enumerated() {
                keep(vectors[row * width..<(row + 1) * width], of: text)
            }
        }
        count()
    }

    private mutating func keep(_ vector: ArraySlice<Float>, of text: EmbeddingQueue.Text) {
        // Through the dictionary's own place: a copy of the request would copy its vectors. A request that was given
        // up is no longer there.
        requests[text.request]?.vectors.replaceSubrange(text.index * width..<(text.index + 1) * width, with: vector)
        requests[text.request]?.missing -= 1
        guard let request = requests[text.request], request.missing == 0 else { return }
        requests[text.request] = nil
        statistics.completedRequests += 1
        request.job.end(.success(request.vectors))
    }

    // MARK: Ends

    private mutating func fail(_ number: Int, _ error: InferenceError) {
        guard let job = drop(number) else { return }
        statistics.failedRequests += 1
        job.end(.failure(error))
    }

    private mutating func drop(_ number: Int) -> EncodingJob? {
        guard let request = requests.removeValue(forKey: number) else { return nil }
        waitingTokens -= queue.remove(number)
        count()
        return request.job
    }

    private mutating func count() {
        statistics.running = requests.values.count { !$0.vectors.isEmpty }
        statistics.queued = requests.count - statistics.running
    }

    private static let stopping = InferenceError(.unavailable, "The model is being unloaded; try again.")
}
