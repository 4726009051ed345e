import Inference

/// Makes tokens that were there before less likely.
struct Penalties {
    /// How far the repetition penalty looks back, in tokens, as llama.cpp's `repeat_last_n` does by default.
    private static let window = 64

    /// A smaller factor makes infinite what it multiplies.
    private static let smallestRepetition: Float = 1e-3

    private let frequency: Float
    private let presence: Float
    private let repetition: Float
    /// How often each token was generated.
    private var counts: [Int32: Int] = [:]
    /// The last tokens of prompt and answer, oldest first.
    private var recent: [Int32]

    init(_ parameters: SamplingParameters, prompt: some BidirectionalCollection<Int32>) {
        frequency = parameters.frequencyPenalty
        presence = parameters.presencePenalty
        repetition = max(parameters.repetitionPenalty, Self.smallestRepetition)
        recent = repetition == 1 ? [] : Array(prompt.suffix(Self.window))
    }

    mutating func record(_ token: Int32) {
        if frequency != 0 || presence != 0 { counts[token, default: 0] += 1 }
        if repetition != 1 {
            if recent.count == Self.window { recent.removeFirst() }
            recent.append(token)
        }
    }

    func apply(to logits: Logits) {
        for token in Set(recent) {
            let logit = logits[Int(token)]
            logits[Int(token)] = logit > 0 ? logit / repetition : logit * repetition
        }
        for (token, count) in counts {
            logits[Int(token)] -= Float(count) * frequency + presence
        }
    }
}
