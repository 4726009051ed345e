import Inference

/// What the scheduler's thread does, step after step. Nothing else touches its state.
struct SchedulerLoop<Context: DecodingContext, Pieces: TokenPieces> {
    /// A prompt that could take at least this much from one being read waits for it instead of reading it too.
    private static var worthWaitingFor: Int { 64 }

    var context: Context
    let tokenizer: Pieces
    let suppressed: [Int32]
    private let parallel: Int
    let inbox: SchedulerInbox<GenerationJob>
    private let canTruncate: Bool

    var sequences: [CachedSequence]
    var queue: [RunningGeneration] = []
    var planner: BatchPlanner
    var governor: ThreadGovernor
    var batch = TokenBatch()
    var statistics = EngineStatistics()
    /// The cache was full with running generations: nothing joins them until one has left.
    var isCrowded = false
    let clock = ContinuousClock()

    init(
        context: Context, tokenizer: Pieces, suppressed: [Int32], parallel: Int, threads: Int,
        inbox: SchedulerInbox<GenerationJob>
    ) {
        self.context = context
        self.tokenizer = tokenizer
        self.suppressed = suppressed
        self.parallel = min(parallel, context.sequenceCapacity)
        self.inbox = inbox
        canTruncate = context.canTruncate
        sequences = Array(repeating: CachedSequence(), count: context.sequenceCapacity)
        planner = BatchPlanner(batchCapacity: context.batchCapacity, outputCapacity: context.outputCapacity)
        governor = ThreadGovernor(threads: threads)
        statistics.threads = threads
    }

    /// Runs until the inbox says stop.
    mutating func run(publish: (EngineStatistics) -> Void) {
        publish(statistics)
        while true {
            let news = inbox.take(wait: !canStep && !canAdmit)
            if let threads = news.threads {
                governor.grant(threads)
                useThreads(governor.threads)
            }
            for job in news.jobs {
                queue.append(RunningGeneration(job, contextLength: context.contextLength, suppressed: suppressed))
            }
            // Before the stop: who left has not been failed.
            dropAbandoned()
            if news.isStopping {
                failAll(InferenceError(.unavailable, "The model is being unloaded; try again."))
                publish(counted())
                return
            }
            admit()
            if canStep { step() }
            publish(counted())
        }
    }

    /// Computes with so many threads from the next batch on.
    mutating func useThreads(_ count: Int) {
        context.setThreads(count)
        statistics.threads = count
    }

    /// The statistics with what runs and waits now.
    private mutating func counted() -> EngineStatistics {
        statistics.running = runningCount
        statistics.queued = queue.map(\.outstanding).reduce(0, +)
        statistics.cachedSequences = sequences.count { $0.isIdle && !$0.cached.isEmpty }
        return statistics
    }

    private var runningCount: Int { sequences.count { !$0.isIdle } }

    /// Whether a generation can be advanced now. One whose reader lags behind cannot.
    private var canStep: Bool {
        sequences.contains(where: \.canAdvance)
    }

    private var canAdmit: Bool { hasPlace && queue.contains { !$0.mailbox.isFull } }

    /// Whether another generation may run. Where the cache is full it would take the room that it needs from one that
    /// runs, and neither would come to its end; unless all that run wait for their readers.
    private var hasPlace: Bool { runningCount < parallel && (!isCrowded || !canStep) }

    // MARK: Coming and going

    private mutating func dropAbandoned() {
        for index in sequences.indices {
            guard let generation = sequences[index].running, generation.mailbox.isAbandoned else { continue }
            end(index)
            drop(generation)
        }
        // Asked once: a reader can leave at any moment.
        var dropped: [RunningGeneration] = []
        queue.removeAll { generation in
            guard generation.mailbox.isAbandoned else { return false }
            dropped.append(generation)
            return true
        }
        for generation in dropped {
            inbox.ended()
            drop(generation)
        }
    }

    /// Takes note of the answers that will not come; the place of the first is given back already.
    private mutating func drop(_ generation: RunningGeneration) {
        inbox.ended(generation.followers.count)
        if generation.mailbox.drop(generation.outstanding) { statistics.cancelledRequests += 1 }
    }

    private mutating func admit() {
        var index = 0
        while index < min(queue.count, parallel * 2), hasPlace {
            if queue[index].mailbox.isFull || isWorthWaiting(queue[index]) {
                index += 1
                continue
            }
            guard
                let place = PrefixCache.place(
                    queue[index].tokens, in: sequences, canTruncate: canTruncate,
                    mayReuse: !queue[index].scoresPrompt)
            else { return }
            start(queue.remove(at: index), at: place)
        }
    }

    /// Whether a prompt that is being read now begins like this one: then it is there to be shared some steps on.
    private func isWorthWaiting(_ generation: RunningGeneration) -> Bool {
        guard canTruncate, !generation.scoresPrompt, sequences.contains(where: { $0.isReading && $0.canAdvance }) else {
            return false
        }
        var reusable = 0
        var coming = 0
        for sequence in sequences {
            reusable = max(reusable, PrefixCache.reusable(generation.tokens, from: sequence, canTruncate: true))
            if sequence.isReading, sequence.canAdvance, let reading = sequence.running {
                coming = max(coming, PrefixCache.commonPrefix(generation.tokens, reading.tokens))
            }
        }
        return coming - reusable >= Self.worthWaitingFor
    }

    private mutating func start(_ generation: RunningGeneration, at place: PrefixCache.Placement) {
        var reused = place.reused
        if place.source == place.sequence {
            if reused < sequences[place.sequence].cached.count, !context.truncate(place.sequence, to: reused) {
                _ = context.truncate(place.sequence, to: 0)
                reused = 0
            }
        } else {
            _ = context.truncate(place.sequence, to: 0)
            context.copyPrefix(of: place.source, to: place.sequence, length: reused)
        }
        sequences[place.sequence].cached = Array(generation.tokens[..<reused])
        sequences[place.sequence].running = generation
        sequences[place.sequence].lastUse = statistics.steps
        if generation.cachedPromptTokens == nil {
            sequences[place.sequence].running?.cachedPromptTokens = reused
            statistics.cachedPromptTokens += reused
        }
    }

    /// Frees a sequence's place; what it cached stays, to be continued or shared.
    mutating func end(_ index: Int) {
        sequences[index].running = nil
        sequences[index].lastUse = statistics.steps
        isCrowded = false
        inbox.ended()
    }

    /// Fails the request that runs on a sequence; its other answers are dropped before the next step.
    mutating func fail(_ index: Int, _ error: InferenceError) {
        guard let generation = sequences[index].running else { return }
        end(index)
        inbox.ended(generation.followers.count)
        if generation.mailbox.fail(error) { statistics.failedRequests += 1 }
    }

    private mutating func failAll(_ error: InferenceError) {
        for index in sequences.indices where !sequences[index].isIdle { fail(index, error) }
        for generation in queue {
            inbox.ended(generation.outstanding)
            if generation.mailbox.fail(error) { statistics.failedRequests += 1 }
        }
        queue.removeAll()
    }
}
