import Inference

/// One answer in the scheduler's hands: its tokens so far, and what turns the next logits into text.
package struct RunningGeneration {
    let job: GenerationJob
    /// Which of the request's answers it is.
    let choice: Int
    /// Prompt and answer. What of it is in the cache stands in the sequence that runs it.
    var tokens: [Int32]
    /// Tokens at which it ends for want of room: prompt, limit and context together.
    let tokenLimit: Int
    /// How many prompt tokens the cache gave when it first ran; `nil` before.
    var cachedPromptTokens: Int?
    /// Answers of the same request that begin when this one has read the prompt for all of them.
    var followers: Range<Int>
    var prediction: Prediction?
    private var acceptedDrafts = 0
    private var rejectedDrafts = 0
    /// Prompt tokens whose scores have been told.
    private var scoredPromptTokens = 0
    private var sampler: Sampler
    private var text: AnswerText
    private var logprobs = AnswerLogprobs()

    var mailbox: GenerationMailbox { job.mailbox }
    var promptCount: Int { job.prompt.count }
    /// Answers that end where this one does before its prompt is read.
    var outstanding: Int { 1 + followers.count }

    /// The answer that reads the prompt.
    package init(_ job: GenerationJob, contextLength: Int, suppressed: [Int32]) {
        self.init(job, choice: 0, contextLength: contextLength, suppressed: suppressed)
        followers = 1..<max(1, job.parameters.choices)
    }

    /// An answer whose prompt another one has read.
    init(_ job: GenerationJob, choice: Int, contextLength: Int, suppressed: [Int32]) {
        self.job = job
        self.choice = choice
        tokens = job.prompt
        // The limit may be as large as an integer can be.
        tokenLimit = min(contextLength, job.prompt.count + min(job.parameters.maximumTokens ?? .max, contextLength))
        followers = 0..<0
        prediction = job.prediction
        sampler = Sampler(
            job.parameters.sampling, prompt: job.media.isEmpty ? job.prompt : job.prompt.filter { $0 >= 0 },
            suppressed: suppressed,
            constraint: job.constraints.isEmpty ? nil : job.constraints[choice], choice: choice)
        text = AnswerText(stops: job.parameters.stop)
        if choice > 0 { cachedPromptTokens = 0 }
    }

    var usage: TokenUsage {
        TokenUsage(
            promptTokens: promptCount, cachedPromptTokens: cachedPromptTokens ?? 0,
            completionTokens: tokens.count - promptCount, acceptedPredictionTokens: acceptedDrafts,
            rejectedPredictionTokens: rejectedDrafts)
    }

    /// Whether the logits after every token of the prompt are wanted, not only those after its last.
    var scoresPrompt: Bool { job.scoresPrompt && choice == 0 && scoredPromptTokens < promptCount }

    /// What may come next, for at most `limit` tokens of a batch.
    func draft(limit: Int) -> ArraySlice<Int32> {
        // The last token of an answer is never evaluated, so a draft of it would be for nothing.
        prediction?.draft(limit: min(limit, tokenLimit - tokens.count - 1)) ?? []
    }

    mutating func record(drafted count: Int, accepted: Int) {
        guard count > 0 else { return }
        prediction?.record(drafted: count, accepted: accepted)
        acceptedDrafts += accepted
        rejectedDrafts += count - accepted
    }
}

extension RunningGeneration {
    /// What a token made of a generation.
    enum Advance {
        case continues(AnswerDelta)
        case finished(AnswerDelta, FinishReason)
        case failed(InferenceError)
    }

    /// Chooses the next token and adds its text.
    mutating func advance(_ logits: Logits, _ tokenizer: some TokenPieces) -> Advance {
        guard tokens.count < tokenLimit else { return finished(.length) }
        let scores = job.parameters.topLogprobs.flatMap { RawScores(logits, top: $0) }
        guard let token = sampler.sample(logits) else { return .failed(reasonThereIsNoToken) }
        if tokenizer.endsGeneration(token) {
            if job.scoresEnd, let scores { logprobs.append(TokenLogprob(token, scores, tokenizer), adding: 0) }
            return finished(.stop)
        }
        do {
            try sampler.accept(token)
        } catch {
            return .failed(error as? InferenceError ?? .constraintBroken)
        }
        tokens.append(token)
        prediction?.follow(token)
        let bytes = job.writtenTokens.contains(token) ? tokenizer.written(token) : tokenizer.piece(of: token)
        if let scores { logprobs.append(TokenLogprob(token, scores, tokenizer), adding: bytes.count) }
        let (shown, stopped) = text.append(bytes)
        if stopped { return finished(.stop, after: shown) }
        if tokens.count >= tokenLimit { return finished(.length, after: shown) }
        return .continues(AnswerDelta(choice: choice, text: shown, logprobs: logprobs.take(shown: text.shownCount)))
    }

    private mutating func finished(_ reason: FinishReason, after shown: String = "") -> Advance {
        let rest = text.finish()
        return .finished(
            AnswerDelta(choice: choice, text: shown + rest, logprobs: logprobs.finish(shown: text.shownCount)), reason)
    }

    private var reasonThereIsNoToken: InferenceError {
        job.constraints.isEmpty
            ? InferenceError(.internal, "The model gave no finite scores: its file may be damaged.")
            : InferenceError(
                .invalidRequest,
                "The answer came to a place where its grammar, or schema, allows no token of this model. "
                    + "Loosen the grammar, or the bias of tokens.", parameter: "response_format")
    }

    /// The scores of prompt tokens: `logits(index)` are those after the token at `range.lowerBound + index`.
    mutating func scorePrompt(
        _ range: Range<Int>, _ tokenizer: some TokenPieces, logits: (Int) -> Logits?
    ) -> [TokenLogprob] {
        let count = job.parameters.topLogprobs ?? 0
        var scored: [TokenLogprob] = []
        if scoredPromptTokens == 0, let first = tokens.first {
            scored.append(TokenLogprob(token: first, bytes: Array(tokenizer.written(first)), logprob: nil))
            scoredPromptTokens = 1
        }
        for position in range where position + 1 < promptCount && position + 1 >= scoredPromptTokens {
            guard let scores = logits(position - range.lowerBound).flatMap({ RawScores($0, top: count) }) else { break }
            scored.append(TokenLogprob(tokens[position + 1], scores, tokenizer))
            scoredPromptTokens = position + 2
        }
        return scored
    }
}

extension InferenceError {
    fileprivate static let constraintBroken = InferenceError(
        .internal, "The grammar took none of the tokens that it had allowed.")
}

extension TokenLogprob {
    fileprivate init(_ token: Int32, _ scores: RawScores, _ tokenizer: some TokenPieces) {
        self.init(
            token: token, bytes: Array(tokenizer.written(token)), logprob: scores.logprob(of: token),
            top: scores.top.map {
                Candidate(token: $0.token, bytes: Array(tokenizer.written($0.token)), logprob: $0.logprob)
            })
    }
}
