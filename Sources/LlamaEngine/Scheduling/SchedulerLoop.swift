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
                publish(statistics)
                return
            }
            dropCancelled()
            admit()
            if canStep { step() }
            statistics.running = runningCount
            statistics.queued = queue.count
            statistics.cachedSequences = sequences.count { $0.isIdle && !$0.cached.isEmpty }
            publish(statistics)
        }
    }

    private var runningCount: Int { sequences.count { !$0.isIdle } }

    /// Whether a generation can be advanced now. One whose reader lags behind cannot.
    private var canStep: Bool {
        sequences.contains { $0.running.map { !$0.mailbox.isFull } ?? false }
    }

    private var canAdmit: Bool { !queue.isEmpty && runningCount < parallel }

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
        while index < min(queue.count, parallel * 2), runningCount < parallel {
            if isWorthWaiting(queue[index]) {
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
        guard canTruncate, sequences.contains(where: \.isReading) else { return false }
        var reusable = 0
        var coming = 0
        for sequence in sequences {
            reusable = max(reusable, PrefixCache.reusable(generation.tokens, from: sequence, canTruncate: true))
            if sequence.isReading, let reading = sequence.running {
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
        inbox.ended()
    }

    private mutating func fail(_ index: Int, _ error: InferenceError) {
        sequences[index].running?.mailbox.fail(error)
        end(index)
        statistics.failedRequests += 1
    }

    private mutating func failAll(_ error: InferenceError) {
        for index in sequences.indices where !sequences[index].isIdle { fail(index, error) }
        for generation in queue {
            generation.mailbox.fail(error)
            inbox.ended()
        }
        queue.removeAll()
    }

    // MARK: One step

    private mutating func step() {
        let advancing = sequences.indices.filter { sequences[$0].running.map { !$0.mailbox.isFull } ?? false }
        let granted = planner.plan(missing: advancing.map { sequences[$0].missing })
        fill(zip(advancing, granted))

        let begun = clock.now
        switch context.decode(batch) {
        case .done:
            let answers = zip(advancing, granted).count { sequences[$0].missing == 1 && $1 == 1 }
            statistics.steps += 1
            statistics.promptTokens += batch.count - answers
            planner.record(promptTokens: batch.count - answers, elapsed: clock.now - begun)
            keep(zip(advancing, granted))
        case .cacheFull:
            makeRoom()
        case .failed(let code):
            for index in advancing {
                fail(index, InferenceError(.internal, "The engine could not evaluate the model (code \(code))."))
                _ = context.truncate(index, to: 0)
                sequences[index].cached = []
            }
        }
    }

    private mutating func fill(_ shares: some Sequence<(Int, Int)>) {
        batch.removeAll()
        for (index, count) in shares where count > 0 {
            let start = sequences[index].cached.count
            guard let tokens = sequences[index].running?.tokens else { continue }
            for position in start..<(start + count) {
                batch.append(
                    tokens[position], position: position, sequence: index, wantsLogits: position == tokens.count - 1)
            }
        }
    }

    /// Notes what the cache now holds and continues the answers whose logits came.
    private mutating func keep(_ shares: some Sequence<(Int, Int)>) {
        var last = -1
        for (index, count) in shares where count > 0 {
            last += count
            sequences[index].keep(count)
            sequences[index].lastUse = statistics.steps
            if sequences[index].missing == 0 { advance(index, logitsAt: last) }
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
    /// read again.
    private mutating func makeRoom() {
        let idle = sequences.indices.filter { sequences[$0].isIdle && !sequences[$0].cached.isEmpty }
        if let oldest = idle.min(by: { sequences[$0].lastUse < sequences[$1].lastUse }) {
            return clear(oldest)
        }
        let running = sequences.indices.filter { !sequences[$0].isIdle }
        guard let cheapest = running.min(by: { sequences[$0].cached.count < sequences[$1].cached.count }) else { return }
        if running.count == 1 {
            fail(cheapest, InferenceError(.internal, "The cache has no room for one request of the context's length."))
        } else if let generation = sequences[cheapest].running {
            queue.insert(generation, at: 0)
            sequences[cheapest].running = nil
            statistics.preemptions += 1
        }
        clear(cheapest)
    }

    private mutating func clear(_ index: Int) {
        _ = context.truncate(index, to: 0)
        sequences[index].cached = []
    }
}
