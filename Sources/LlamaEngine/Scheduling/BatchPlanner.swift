/// Decides what is evaluated together.
///
/// A step evaluates the next token of every running answer in one batch, then a chunk of one prompt in another. Apart,
/// because ggml's kernels round differently for large batches than for small ones: this way the tokens of an answer
/// are computed the same whatever prompts are read meanwhile, and a prompt the same whatever runs beside it. The
/// price is one more pass over the weights in steps that read a prompt, little beside the chunk's own work.
package struct BatchPlanner: Sendable {
    /// Tokens from which ggml's attention takes its blocked kernel. A prompt's chunks end at multiples of it, so that
    /// the same token takes the same kernel however the prompt is cut.
    package static let attentionBlock = 64
    /// How long reading a prompt may hold up answers that run.
    private static let longestPause = 0.06
    private static let smallestChunk = 16

    private let batchCapacity: Int
    private let outputCapacity: Int
    /// Seconds that reading one prompt token takes, as measured; `nil` before the first measurement.
    private var secondsPerPromptToken: Double?

    package init(batchCapacity: Int, outputCapacity: Int) {
        self.batchCapacity = batchCapacity
        self.outputCapacity = outputCapacity
    }

    /// How many answers one batch can advance.
    package var answersPerBatch: Int { min(batchCapacity, outputCapacity) }

    /// How many tokens each answer of a batch may draft. The batch stays below the size from which attention takes
    /// another kernel, so that drafts change nothing in what is computed.
    package func draftsEach(answers: Int) -> Int {
        max(0, (min(answersPerBatch, Self.attentionBlock - 1) - answers) / max(1, answers))
    }

    /// How much of a prompt to read in this step.
    ///
    /// - Parameters:
    ///   - start: tokens of it that are in the cache.
    ///   - end: tokens that it has; more than `start`.
    ///   - besideAnswers: whether answers run, which must not stall.
    ///   - wantsOutputs: whether the logits after all of its tokens are wanted. Such a prompt stays below attention's
    ///     blocked kernel, so that its scores do not depend on where in the cache it comes to lie.
    package func chunk(from start: Int, to end: Int, besideAnswers: Bool, wantsOutputs: Bool = false) -> Int {
        let limit = besideAnswers ? limitBesideAnswers : batchCapacity
        if wantsOutputs { return min(limit, outputCapacity, Self.attentionBlock - 1, end - start) }
        guard limit >= Self.attentionBlock else { return min(limit, end - start) }
        let lastWholeBlock = end / Self.attentionBlock * Self.attentionBlock
        guard start < lastWholeBlock else { return min(limit, end - start) }
        let reach = min(start + limit, lastWholeBlock) / Self.attentionBlock * Self.attentionBlock
        return reach > start ? reach - start : min(limit, end - start)
    }

    private var limitBesideAnswers: Int {
        guard let secondsPerPromptToken, secondsPerPromptToken > 0 else {
            return min(Self.attentionBlock, batchCapacity)
        }
        let affordable = Int(min(Self.longestPause / secondsPerPromptToken, Double(batchCapacity)))
        return min(max(Self.smallestChunk, affordable), batchCapacity)
    }

    /// Learns how fast prompts are read.
    package mutating func record(promptTokens: Int, elapsed: Duration) {
        guard promptTokens >= Self.smallestChunk else { return }
        let measured = elapsed / .seconds(1) / Double(promptTokens)
        secondsPerPromptToken = secondsPerPromptToken.map { 0.7 * $0 + 0.3 * measured } ?? measured
    }
}
