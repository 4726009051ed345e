import Inference
import ModelStore
import Performance
import RunnerProtocol
import Runners

/// A prompt to read and an answer to write.
struct ChatWork: PerformanceWork {
    /// The most tokens of an answer.
    private static let answer = 64
    private static let question = "Write a long story in which all of these words occur, in the order given."

    let service: any ModelService
    let model: InstalledModel
    let result = "Chat performance measured."

    func description(_ size: WorkSize) -> String {
        "a prompt of \(size.words) words and a question, up to \(Self.answer) tokens of answer, temperature 0"
    }

    func perform(_ trial: Int, size: WorkSize) async throws -> WorkResult {
        let prompt = WorkText.text(size.words, from: trial) + "\n\n" + Self.question
        let request = ChatRequest(
            messages: [ChatMessage(role: .user, content: prompt)],
            parameters: GenerationParameters(sampling: .greedy, maximumTokens: Self.answer))
        let start = ContinuousClock.now
        var first: Double?
        var usage: TokenUsage?
        let answer = try await service.generate(.chat(request), with: model, traceparent: nil)
        for try await events in answer.events {
            for event in events {
                switch event {
                case .delta where first == nil: first = start.secondsSince
                case .completed(let counted): usage = counted
                default: break
                }
            }
        }
        try Task.checkCancellation()
        guard let usage else { throw InferenceError.endedEarly }
        return Self.result(usage, first: first, seconds: start.secondsSince)
    }

    /// - Parameter first: seconds to the first text; `nil` where the answer has none.
    static func result(_ usage: TokenUsage, first: Double?, seconds: Double) -> WorkResult {
        let first = max(first ?? seconds, .leastNonzeroMagnitude)
        let computed = usage.promptTokens - usage.cachedPromptTokens
        // The first token's time is the prompt's; an answer of one token has no speed but its whole time's.
        let (tokens, time) =
            usage.completionTokens > 1 && seconds > first
            ? (usage.completionTokens - 1, seconds - first) : (usage.completionTokens, seconds)
        return WorkResult(
            seconds: seconds,
            metrics: [
                .timeToFirstToken: first,
                .tokensPerSecond: Double(tokens) / max(time, .leastNonzeroMagnitude),
                .promptTokensPerSecond: Double(computed) / first,
                .promptTokens: Double(usage.promptTokens),
                .cachedPromptTokens: Double(usage.cachedPromptTokens),
                .completionTokens: Double(usage.completionTokens),
            ])
    }
}
