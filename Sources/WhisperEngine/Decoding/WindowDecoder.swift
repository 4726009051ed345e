import Inference

/// Decodes a window that the model has heard: from the tokens that begin a transcription to the end of its text.
///
/// The algorithm is that of Whisper's authors: greedy, by beam search, or sampled; rows are ranked by their mean
/// logprob.
package struct WindowDecoder {
    /// What a row of tokens came to.
    package struct Answer: Equatable {
        /// Text and timestamps, without the end.
        package var choices: [TokenChoices.Choice]
        /// The mean logprob, the end's included.
        package var averageLogprob: Float
        /// How likely the model takes the window to hold no speech.
        package var noSpeechProbability: Float
    }

    private let model: any SpeechModel
    private let rules: TokenRules
    private let endOfText: Int32

    package init(_ model: any SpeechModel) {
        self.model = model
        rules = TokenRules(model.settings)
        endOfText = model.settings.tokens.endOfText
    }

    /// - Parameters:
    ///   - previous: what the model reads before: the text so far, behind its own token; may be empty.
    ///   - beginning: the tokens that begin a transcription, of which the first is the start's.
    ///   - stepsDone: counts evaluations.
    /// - Throws: `CancellationError`; ``Inference/InferenceError`` where the model computes no numbers.
    package func decode(
        previous: [Int32], beginning: [Int32], _ strategy: DecodingStrategy, using random: inout SplitMix
    ) throws -> Answer {
        try model.restart()
        var hypotheses = Hypotheses(rules: rules)
        var selection = RowSelection(strategy, endOfText: endOfText)
        let noSpeech = try start(previous: previous, beginning: beginning) { logits in
            selection.advance([Hypotheses.Row()], logits, rules, &hypotheses, using: &random)
        }
        let room = model.settings.textPositions - previous.count - beginning.count
        var length = 1
        while !selection.isDone, length < min(model.settings.textPositions / 2, room) {
            try Task.checkCancellation()
            let rows = selection.rows
            try model.evaluate(selection.tokens, order: selection.order) { logits in
                selection.advance(rows, logits, rules, &hypotheses, using: &random)
            }
            length += 1
        }
        guard let best = selection.best else {
            throw InferenceError(.internal, "The model computed what is no number for this sound.")
        }
        let choices = hypotheses.choices(of: best)
        let text = choices.last?.token == endOfText ? choices.dropLast() : choices[...]
        return Answer(
            choices: Array(text), averageLogprob: best.sum / Float(text.count + 1), noSpeechProbability: noSpeech)
    }

    /// Reads what stands before the text. The chance that there is no speech is what the model says behind the start's
    /// token.
    private func start(
        previous: [Int32], beginning: [Int32], _ first: (UnsafeMutableBufferPointer<Float>) -> Void
    ) throws -> Float {
        let rest = Array(beginning.dropFirst())
        let noSpeech = try model.evaluate(previous + beginning.prefix(1), order: [0]) { logits in
            let noSpeech = logits.probability(of: Int(model.settings.tokens.noSpeech))
            if rest.isEmpty { first(logits) }
            return noSpeech
        }
        if !rest.isEmpty { try model.evaluate(rest, order: [0], first) }
        return noSpeech
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Of one logit among all.
    func probability(of index: Int) -> Float {
        let largest = maximum(of: indices)
        return exponential(SIMD8(repeating: self[index] - largest))[0] / sumOfExponentials(of: indices, less: largest)
    }
}
