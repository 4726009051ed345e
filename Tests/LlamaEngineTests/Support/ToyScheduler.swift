import Inference
import LlamaEngine
import Testing

/// A scheduler on a toy context, for the length of a test.
struct ToyScheduler: Sendable {
    let scheduler: Scheduler
    let probe: ToyProbe
    let shape: ToyContext.Shape

    /// Starts a scheduler, stops it when the body has ended, and checks that its context had nothing to complain of.
    static func run<Result>(
        _ shape: ToyContext.Shape = .init(), parallel: Int = 8, queueLimit: Int = 1_000, isHeld: Bool = false,
        _ body: (ToyScheduler) async throws -> Result
    ) async throws -> Result {
        let probe = ToyProbe(isHeld: isHeld)
        let scheduler = Scheduler(parallel: parallel, queueLimit: queueLimit)
        try await scheduler.start(tokenizer: ToyPieces(), suppressed: [], threads: 1) { ToyContext(shape, probe) }
        let toy = ToyScheduler(scheduler: scheduler, probe: probe, shape: shape)
        do {
            let result = try await body(toy)
            await toy.end()
            return result
        } catch {
            await toy.end()
            throw error
        }
    }

    private func end() async {
        probe.release()
        await scheduler.stop()
        #expect(probe.violations.isEmpty)
    }

    /// Queues a greedy generation.
    func submit(
        _ prompt: [Int32], maximumTokens: Int = 40, stops: [String] = [], choices: Int = 1,
        adjust: (inout GenerationJob) -> Void = { _ in }
    ) throws -> GenerationMailbox {
        let mailbox = scheduler.makeMailbox(choices: choices)
        var job = GenerationJob(
            prompt: prompt,
            parameters: GenerationParameters(
                sampling: .greedy, stop: stops, maximumTokens: maximumTokens, choices: choices),
            mailbox: mailbox)
        adjust(&job)
        try scheduler.submit(job)
        return mailbox
    }

    /// Runs one generation to its end.
    func answer(
        _ prompt: [Int32], maximumTokens: Int = 40, stops: [String] = []
    ) async throws -> (answer: ToyAnswer, usage: TokenUsage) {
        try await submit(prompt, maximumTokens: maximumTokens, stops: stops).gather()
    }

    /// What the generation gives when it has the model to itself.
    func alone(_ prompt: [Int32], maximumTokens: Int = 40, stops: [String] = []) -> ToyAnswer {
        ToyModel.answer(
            to: prompt, maximumTokens: maximumTokens, stops: stops, contextLength: shape.contextLength, ends: shape.ends
        )
    }
}

struct AnswerDidNotFinish: Error {}

/// All that a request's reader is told.
struct GatheredChoices {
    var texts: [String]
    var reasons: [FinishReason?]
    var logprobs: [[TokenLogprob]]
    var usage: TokenUsage
}

extension GenerationMailbox {
    /// Reads one answer to its end.
    func gather() async throws -> (answer: ToyAnswer, usage: TokenUsage) {
        let all = try await gather(choices: 1)
        guard let reason = all.reasons[0] else { throw AnswerDidNotFinish() }
        return (ToyAnswer(all.texts[0], reason, all.usage.completionTokens), all.usage)
    }

    /// Reads all answers to their end.
    func gather(choices: Int) async throws -> GatheredChoices {
        var texts = Array(repeating: "", count: choices)
        var logprobs = Array(repeating: [TokenLogprob](), count: choices)
        var reasons = Array(repeating: FinishReason?.none, count: choices)
        while let events = try await next() {
            for event in events {
                switch event {
                case .delta(let delta):
                    texts[delta.choice] += delta.text
                    logprobs[delta.choice] += delta.logprobs
                case .finished(let reason, let choice): reasons[choice] = reason
                case .completed(let usage):
                    return GatheredChoices(texts: texts, reasons: reasons, logprobs: logprobs, usage: usage)
                }
            }
        }
        throw AnswerDidNotFinish()
    }
}
