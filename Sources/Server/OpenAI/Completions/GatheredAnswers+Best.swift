import Inference

extension GatheredAnswers {
    /// The answers whose tokens have the highest mean log-probability, the best first.
    ///
    /// - Parameter echoesPrompt: whether each answer begins with the prompt's tokens, which are not counted.
    func best(_ count: Int, echoesPrompt: Bool) -> [GatheredAnswer] {
        guard count < answers.count else { return answers }
        let prompt = echoesPrompt ? usage.promptTokens : 0
        let scored = answers.map { (answer: $0, score: Self.mean($0.logprobs.dropFirst(prompt))) }
        // Of equals the earlier one, so that the order is always the same.
        let ranked = scored.enumerated().sorted {
            ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
        }
        return ranked.prefix(count).map(\.element.answer)
    }

    /// An answer without tokens comes last.
    private static func mean(_ logprobs: some Collection<TokenLogprob>) -> Float {
        guard !logprobs.isEmpty else { return -.infinity }
        return logprobs.reduce(0) { $0 + $1.logprob.wire } / Float(logprobs.count)
    }
}
