import Inference

/// A request that has been tokenised and waits to be scheduled.
package struct GenerationJob: Sendable {
    package var prompt: [Int32]
    package var sampling: SamplingParameters
    package var stops: [String]
    package var maximumTokens: Int?
    package var mailbox: GenerationMailbox

    package init(
        prompt: [Int32], sampling: SamplingParameters, stops: [String], maximumTokens: Int?, mailbox: GenerationMailbox
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.stops = stops
        self.maximumTokens = maximumTokens
        self.mailbox = mailbox
    }
}

/// A generation in the scheduler's hands: its tokens so far, and what turns the next logits into text.
package struct RunningGeneration {
    let mailbox: GenerationMailbox
    /// Prompt and answer. What of it is in the cache stands in the sequence that runs it.
    var tokens: [Int32]
    let promptCount: Int
    /// Tokens at which it ends for want of room: prompt, limit and context together.
    let tokenLimit: Int
    /// How many prompt tokens the cache gave when it first ran; `nil` before.
    var cachedPromptTokens: Int?
    var sampler: Sampler
    var text: AnswerText

    package init(_ job: GenerationJob, contextLength: Int, suppressed: [Int32]) {
        mailbox = job.mailbox
        tokens = job.prompt
        promptCount = job.prompt.count
        tokenLimit = min(contextLength, job.maximumTokens.map { job.prompt.count + $0 } ?? contextLength)
        sampler = Sampler(job.sampling, prompt: job.prompt, suppressed: suppressed)
        text = AnswerText(stops: job.stops)
    }

    var usage: TokenUsage {
        TokenUsage(
            promptTokens: promptCount, cachedPromptTokens: cachedPromptTokens ?? 0,
            completionTokens: tokens.count - promptCount)
    }
}

extension RunningGeneration {
    /// What a step made of a generation.
    enum Advance {
        case continues(String)
        case finished(String, GenerationEvent.FinishReason)
        /// The model gave no usable scores.
        case broken
    }

    /// Chooses the next token and adds its text.
    mutating func advance(_ logits: Logits, _ tokenizer: some TokenPieces) -> Advance {
        guard let token = sampler.sample(logits) else { return .broken }
        if tokenizer.endsGeneration(token) { return .finished(text.finish(), .stop) }
        tokens.append(token)
        let (shown, stopped) = text.append(tokenizer.piece(of: token))
        if stopped { return .finished(shown, .stop) }
        if tokens.count >= tokenLimit { return .finished(shown + text.finish(), .length) }
        return .continues(shown)
    }
}

/// What the scheduler needs of a tokenizer.
package protocol TokenPieces: Sendable {
    func piece(of token: Int32) -> ArraySlice<UInt8>
    func endsGeneration(_ token: Int32) -> Bool
}
