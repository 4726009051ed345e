import Inference

/// What the scheduler's thread does, step after step. Nothing else touches its state.
struct SchedulerLoop<Context: DecodingContext, Pieces: TokenPieces> {
    /// A prompt that could take at least this much from one being read waits for it instead of reading it too.
    private static var worthWaitingFor: Int { 64 }

    private var context: Context
    private let tokenizer: Pieces
    private let suppressed: [Int32]
    private let parallel: Int
    private let inbox: SchedulerInbox
    private let canTruncate: Bool

    private var sequences: [CachedSequence]
    private var queue: [RunningGeneration] = []
    private var planner: BatchPlanner
    private var batch = TokenBatch()
    private var statistics = EngineStatistics()
    /// The cache was full with running generations: nothing joins them until one has left.
    private var isCrowded = false
    private let clock = ContinuousClock()

    init(
        context: Context, tokenizer: Pieces, suppressed: [Int32], parallel: Int, threads: Int, inbox: SchedulerInbox
    ) {
        self.context = context
        self.tokenizer = tokenizer
        self.suppressed = suppressed
        self.parallel = min(parallel, context.sequenceCapacity)
        self.inbox = inbox
        canTruncate = context.canTruncate
        sequences = Array(repeating: CachedSequence(), count: context.sequenceCapacity)
        planner = BatchPlanner(batchCapacity: context.batchCapacity, outputCapacity: context.outputCapacity)
        statistics.threads = threads
    }

    /// Runs until the inbox says stop.
    mutating func run(publish: (EngineStatistics) -> Void) {
        publish(statistics)
        while true {
            let news = inbox.take(wait: !canStep && !canAdmit)
            if let threads = news.threads {
                context.setThreads(threads)
                statistics.threads = threads
            }
            for job in news.jobs {
                queue.append(RunningGeneration(job, contextLength: context.contextLength, suppressed: suppressed))
            }
            if news.isStopping {
                failAll(InferenceError(.unavailable, "The model is being unloaded; try again."))
                publish(counted())
                return
            }
            dropCancelled()
            admit()
            if canStep { step() }
            publish(counted())
        }
    }

    /// The statistics with what runs and waits now.
    private mutating func counted() -> EngineStatistics {
        statistics.running = runningCount
        statistics.queued = queue.count
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

    private mutating func dropCancelled() {
        for index in sequences.indices where sequences[index].running?.mailbox.isCancelled == true {
            end(index)
            statistics.cancelledRequests += 1
        }
        let waiting = queue.count
        queue.removeAll { $0.mailbox.isCancelled }
        for _ in queue.count..<waiting {
            inbox.ended()
            statistics.cancelledRequests += 1
        }
    }

    private mutating func admit() {
        var index = 0
        while index < min(queue.count, parallel * 2), hasPlace {
            if queue[index].mailbox.isFull || isWorthWaiting(queue[index]) {
                index += 1
                continue
            }
            guard let place = PrefixCache.place(queue[index].tokens, in: sequences, canTruncate: canTruncate) else {
                return
            }
            start(queue.remove(at: index), at: place)
        }
    }

    /// Whether a prompt that is being read now begins like this one: then it is there to be shared some steps on.
    private func isWorthWaiting(_ generation: RunningGeneration) -> Bool {
        guard canTruncate, sequences.contains(where: { $0.isReading && $0.canAdvance }) else { return false }
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
    private mutating func end(_ index: Int) {
        sequences[index].running = nil
        sequences[index].lastUse = statistics.steps
        isCrowded = false
        inbox.ended()
    }

    private mutating func fail(_ index: Int, _ error: InferenceError) {
        let mailbox = sequences[index].running?.mailbox
        end(index)
        statistics.failedRequests += 1
        mailbox?.fail(error)
    }

    private mutating func failAll(_ error: InferenceError) {
        for index in sequences.indices where !sequences[index].isIdle { fail(index, error) }
        for generation in queue {
            inbox.ended()
            statistics.failedRequests += 1
            generation.mailbox.fail(error)
        }
        queue.removeAll()
    }

    // MARK: One step

    private mutating func step() {
        let answering = sequences.indices.filter { sequences[$0].canAdvance && !sequences[$0].isReading }
        let batchOfAnswers = answering.prefix(planner.answersPerBatch)
        if !batchOfAnswers.isEmpty {
            guard evaluate(batchOfAnswers.map { Share(sequence: $0, count: 1) }) else { return }
        }
        // The prompt that has waited longest for its turn; of new ones the shortest.
        let reading = sequences.indices.filter { sequences[$0].canAdvance && sequences[$0].isReading }
        guard let next = reading.min(by: { sequences[$0].turn < sequences[$1].turn }) else { return }
        let start = sequences[next].cached.count
        let count = planner.chunk(
            from: start, to: start + sequences[next].missing, besideAnswers: !batchOfAnswers.isEmpty)
        let begun = clock.now
        guard evaluate([Share(sequence: next, count: count)]) else { return }
        planner.record(promptTokens: count, elapsed: clock.now - begun)
    }

    /// How many tokens of a sequence go into a batch.
    private struct Share {
        var sequence: Int
        var count: Int
    }

    /// Evaluates one batch and continues the answers whose logits came.
    ///
    /// - Returns: false where nothing was evaluated.
    private mutating func evaluate(_ shares: [Share]) -> Bool {
        fill(shares)
        switch context.decode(batch) {
        case .done:
            statistics.steps += 1
            keep(shares)
            return true
        case .cacheFull:
            makeRoom()
            return false
        case .failed(let code):
            for share in shares {
                fail(
                    share.sequence, InferenceError(.internal, "The engine could not evaluate the model (code \(code)).")
                )
                clear(share.sequence)
            }
            return false
        }
    }

    private mutating func fill(_ shares: [Share]) {
        batch.removeAll()
        for share in shares {
            let start = sequences[share.sequence].cached.count
            guard let tokens = sequences[share.sequence].running?.tokens else { continue }
            for position in start..<(start + share.count) {
                batch.append(
                    tokens[position], position: position, sequence: share.sequence,
                    wantsLogits: position == tokens.count - 1)
            }
        }
    }

    private mutating func keep(_ shares: [Share]) {
        var last = -1
        for share in shares {
            last += share.count
            statistics.promptTokens += sequences[share.sequence].keep(share.count)
            sequences[share.sequence].lastUse = statistics.steps
            if sequences[share.sequence].missing == 0 { advance(share.sequence, logitsAt: last) }
        }
    }

    private mutating func advance(_ index: Int, logitsAt row: Int) {
        let pieces = tokenizer
        guard let logits = context.logits(at: row), let advance = sequences[index].running?.advance(logits, pieces),
            let mailbox = sequences[index].running?.mailbox, let usage = sequences[index].running?.usage
        else {
            return fail(index, InferenceError(.internal, "The engine gave no scores for the next token."))
        }
        switch advance {
        case .continues(let text):
            if !text.isEmpty { mailbox.send(.token(text)) }
        case .finished(let text, let reason):
            if !text.isEmpty { mailbox.send(.token(text)) }
            statistics.completedRequests += 1
            statistics.completionTokens += usage.completionTokens
            // The place is free before the reader hears of the end: who asks next finds it so.
            end(index)
            mailbox.finish(.init(reason: reason, usage: usage))
        case .broken:
            fail(index, InferenceError(.internal, "The model gave no finite scores: its file may be damaged."))
        }
    }

    // MARK: Room in the cache

    /// Gives up the idle sequence unused for longest; where there is none, sends the generation back that has least to
    /// read again, one whose reader lags behind before all others.
    private mutating func makeRoom() {
        let idle = sequences.indices.filter { sequences[$0].isIdle && !sequences[$0].cached.isEmpty }
        if let oldest = idle.min(by: { sequences[$0].lastUse < sequences[$1].lastUse }) {
            return clear(oldest)
        }
        let running = sequences.indices.filter { !sequences[$0].isIdle }
        let paused = running.filter { !sequences[$0].canAdvance }
        guard
            let cheapest = (paused.isEmpty ? running : paused).min(by: {
                sequences[$0].cached.count < sequences[$1].cached.count
            })
        else { return }
        if running.count == 1 {
            fail(cheapest, InferenceError(.internal, "The cache has no room for one request of the context's length."))
        } else if let generation = sequences[cheapest].running {
            queue.insert(generation, at: 0)
            sequences[cheapest].running = nil
            statistics.preemptions += 1
            isCrowded = true
        }
        clear(cheapest)
    }

    private mutating func clear(_ index: Int) {
        _ = context.truncate(index, to: 0)
        sequences[index].cached = []
    }
}
