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
    func submit(_ prompt: [Int32], maximumTokens: Int = 40, stops: [String] = []) throws -> GenerationMailbox {
        let mailbox = scheduler.makeMailbox()
        try scheduler.submit(
            GenerationJob(
                prompt: prompt, sampling: .greedy, stops: stops, maximumTokens: maximumTokens, mailbox: mailbox))
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

extension GenerationMailbox {
    /// Reads to the end.
    func gather() async throws -> (answer: ToyAnswer, usage: TokenUsage) {
        var text = ""
        var completion: GenerationEvent.Completion?
        while let events = try await next() {
            for event in events {
                switch event {
                case .token(let part): text += part
                case .finished(let finished): completion = finished
                }
            }
        }
        guard let completion else { throw AnswerDidNotFinish() }
        let usage = completion.usage
        return (ToyAnswer(text, completion.reason, usage.completionTokens), usage)
    }
}
