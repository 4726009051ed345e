import Inference

/// One step: which tokens are evaluated, and what becomes of their logits.
extension SchedulerLoop {
    /// How many tokens of a sequence go into a batch, and what is drafted after them.
    private struct Share {
        var sequence: Int
        var count: Int
        var draft: ArraySlice<Int32> = []

        var rows: Int { count + draft.count }
    }

    mutating func step() {
        let answering = sequences.indices.filter { sequences[$0].canAdvance && !sequences[$0].isReading }
            .prefix(planner.answersPerBatch)
        if !answering.isEmpty {
            guard evaluateAnswers(answering) else { return }
        }
        // The prompt that has waited longest for its turn; of new ones the shortest.
        let reading = sequences.indices.filter { sequences[$0].canAdvance && sequences[$0].isReading }
        guard let next = reading.min(by: { sequences[$0].turn < sequences[$1].turn }) else { return }
        let start = sequences[next].cached.count
        if let media = sequences[next].running?.job.media(at: start) { return evaluate(media, of: next, from: start) }
        let count = planner.chunk(
            from: start, to: sequences[next].running?.job.endOfText(from: start) ?? start + sequences[next].missing,
            besideAnswers: !answering.isEmpty,
            wantsOutputs: sequences[next].running?.scoresPrompt ?? false)
        let begun = clock.now
        guard evaluate([Share(sequence: next, count: count)]) == .done else { return }
        planner.record(promptTokens: count, elapsed: clock.now - begun)
    }

    /// Advances answers by a token, and as far as their drafts hold.
    ///
    /// - Returns: false where nothing was evaluated.
    private mutating func evaluateAnswers(_ answering: ArraySlice<Int>) -> Bool {
        let limit = context.canTruncate ? planner.draftsEach(answers: answering.count) : 0
        let shares = answering.map {
            Share(sequence: $0, count: 1, draft: sequences[$0].running?.draft(limit: limit) ?? [])
        }
        let hasDrafts = shares.contains { !$0.draft.isEmpty }
        switch evaluate(shares, makingRoom: !hasDrafts) {
        case .done: return true
        // Nothing else gives way to a draft.
        case .cacheFull where hasDrafts: return evaluate(answering.map { Share(sequence: $0, count: 1) }) == .done
        case .cacheFull, .failed: return false
        }
    }

    /// Evaluates one batch and continues the answers whose logits came.
    private mutating func evaluate(_ shares: [Share], makingRoom: Bool = true) -> DecodeOutcome {
        fill(shares)
        let begun = clock.now
        let outcome = context.decode(batch)
        // A batch that was not evaluated says nothing of how long one takes.
        if outcome == .done,
            governor.record(
                tokens: batch.count, position: Int(batch.positions.max() ?? 0),
                seconds: (clock.now - begun) / .seconds(1))
        {
            useThreads(governor.threads)
        }
        settle(outcome, of: shares, makingRoom: makingRoom)
        return outcome
    }

    /// Evaluates what comes next of a picture or sound, in a batch of its own.
    private mutating func evaluate(_ media: MediaSpan, of sequence: Int, from start: Int) {
        let batch = media.batch(from: start, sequence: sequence, limit: context.batchCapacity)
        settle(context.decode(batch), of: [Share(sequence: sequence, count: batch.count)], makingRoom: true)
    }

    private mutating func settle(_ outcome: DecodeOutcome, of shares: [Share], makingRoom: Bool) {
        switch outcome {
        case .done:
            statistics.steps += 1
            keep(shares)
        case .cacheFull:
            if makingRoom { makeRoom() }
        case .failed(let code):
            for share in shares {
                fail(
                    share.sequence, InferenceError(.internal, "The engine could not evaluate the model (code \(code)).")
                )
                clear(share.sequence)
            }
        }
    }

    private mutating func fill(_ shares: [Share]) {
        batch.removeAll()
        for share in shares {
            let start = sequences[share.sequence].cached.count
            guard let running = sequences[share.sequence].running else { continue }
            let wantsAll = running.scoresPrompt
            for position in start..<(start + share.count) {
                batch.append(
                    running.tokens[position], position: position, sequence: share.sequence,
                    wantsLogits: wantsAll || position == running.tokens.count - 1)
            }
            for (offset, token) in share.draft.enumerated() {
                batch.append(
                    token, position: start + share.count + offset, sequence: share.sequence, wantsLogits: true)
            }
        }
    }

    private mutating func keep(_ shares: [Share]) {
        var row = 0
        for share in shares {
            let start = sequences[share.sequence].cached.count
            statistics.promptTokens += sequences[share.sequence].keep(share.count)
            sequences[share.sequence].lastUse = statistics.steps
            if sequences[share.sequence].running?.scoresPrompt == true {
                tellPromptScores(share.sequence, start..<(start + share.count), firstRow: row)
            }
            if sequences[share.sequence].missing == 0 { advance(share, firstRow: row + share.count - 1) }
            row += share.rows
        }
    }

    private mutating func tellPromptScores(_ index: Int, _ range: Range<Int>, firstRow: Int) {
        let (context, pieces) = (context, tokenizer)
        guard
            let scored = sequences[index].running?.scorePrompt(
                range, pieces, logits: { context.logits(at: firstRow + $0) }), !scored.isEmpty,
            let running = sequences[index].running
        else { return }
        for choice in 0..<running.job.parameters.choices {
            running.mailbox.send(.delta(AnswerDelta(choice: choice, logprobs: scored)))
        }
    }

    // MARK: Answers

    /// Continues an answer with the logits after its last token, which are at `firstRow`, and after those of its draft
    /// that it goes on with.
    private mutating func advance(_ share: Share, firstRow: Int) {
        let (index, draft) = (share.sequence, Array(share.draft))
        // Taken out while it is changed: two holders would mean a copy of its tokens.
        guard var generation = sequences[index].running.take() else { return }
        let first = context.logits(at: firstRow)
        let forFollowers = generation.followers.isEmpty ? nil : first.map { Array($0.values) }
        var shown = AnswerDelta(choice: generation.choice)
        var end: FinishReason?
        var failure: InferenceError?
        var accepted = 0
        for offset in 0...draft.count {
            guard let logits = offset == 0 ? first : context.logits(at: firstRow + offset) else {
                failure = InferenceError(.internal, "The engine gave no scores for the next token.")
                break
            }
            let length = generation.tokens.count
            switch generation.advance(logits, tokenizer) {
            case .continues(let delta): shown.append(delta)
            case .finished(let delta, let reason):
                shown.append(delta)
                end = reason
            case .failed(let error): failure = error
            }
            guard generation.tokens.count > length, offset < draft.count, generation.tokens.last == draft[offset]
            else { break }
            accepted += 1
            sequences[index].keepDraft(draft[offset])
            if end != nil { break }
        }
        generation.record(drafted: draft.count, accepted: accepted)
        if accepted < draft.count { _ = context.truncate(index, to: sequences[index].cached.count) }
        sequences[index].running = generation
        if let failure { return fail(index, failure) }
        sequences[index].running?.followers = 0..<0
        send(shown, to: generation.mailbox)
        if let end {
            // The place is free before the reader hears of the end: who asks next finds it so.
            self.end(index)
            finish(generation, end)
        }
        if let forFollowers, let first { start(generation.followers, of: generation.job, forFollowers, at: first) }
    }

    /// Begins a request's other answers: each draws a first token of its own from the same logits, then waits for a
    /// place, where it shares the prompt's cells.
    private mutating func start(_ choices: Range<Int>, of job: GenerationJob, _ scores: [Float], at logits: Logits) {
        var waiting: [RunningGeneration] = []
        for choice in choices {
            _ = logits.values.update(fromContentsOf: scores)
            var generation = RunningGeneration(
                job, choice: choice, contextLength: context.contextLength, suppressed: suppressed)
            switch generation.advance(logits, tokenizer) {
            case .continues(let delta):
                send(delta, to: job.mailbox)
                waiting.append(generation)
            case .finished(let delta, let reason):
                send(delta, to: job.mailbox)
                inbox.ended()
                finish(generation, reason)
            case .failed(let error):
                inbox.ended()
                if job.mailbox.fail(error) { statistics.failedRequests += 1 }
            }
        }
        queue.insert(contentsOf: waiting, at: 0)
    }

    private func send(_ delta: AnswerDelta, to mailbox: GenerationMailbox) {
        if !delta.text.isEmpty || !delta.logprobs.isEmpty { mailbox.send(.delta(delta)) }
    }

    private mutating func finish(_ generation: RunningGeneration, _ reason: FinishReason) {
        let usage = generation.usage
        statistics.completionTokens += usage.completionTokens
        if generation.mailbox.finish(reason, choice: generation.choice, usage: usage) {
            statistics.completedRequests += 1
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

extension AnswerDelta {
    fileprivate mutating func append(_ more: AnswerDelta) {
        text += more.text
        logprobs += more.logprobs
    }
}
