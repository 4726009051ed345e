import Inference

/// A request that has been tokenised and waits to be scheduled.
package struct GenerationJob: Sendable {
    /// The prompt's tokens; negative where pictures and sounds stand.
    package var prompt: [Int32]
    /// The prompt's pictures and sounds, in order.
    package var media: [MediaSpan]
    package var parameters: GenerationParameters
    /// What each answer has to keep to, one for each choice; empty where they are free.
    package var constraints: [any TokenConstraint]
    /// Control tokens whose written form belongs to the answer's text.
    package var writtenTokens: Set<Int32>
    /// What the answers are likely to repeat.
    package var prediction: Prediction?
    /// Whether the log-probabilities of the prompt's own tokens are wanted too.
    package var scoresPrompt: Bool
    /// Whether the token that ends an answer is told of too, though it stands for no text.
    package var scoresEnd: Bool
    package var mailbox: GenerationMailbox

    package init(
        prompt: [Int32], media: [MediaSpan] = [], parameters: GenerationParameters,
        constraints: [any TokenConstraint] = [], writtenTokens: Set<Int32> = [], prediction: Prediction? = nil,
        scoresPrompt: Bool = false, scoresEnd: Bool = false, mailbox: GenerationMailbox
    ) {
        precondition(
            constraints.isEmpty || constraints.count == parameters.choices, "every choice has a constraint of its own")
        precondition(media.allSatisfy { $0.range.upperBound < prompt.count }, "a prompt ends with a token")
        self.prompt = prompt
        self.media = media
        self.parameters = parameters
        self.constraints = constraints
        self.writtenTokens = writtenTokens
        self.prediction = prediction
        self.scoresPrompt = scoresPrompt
        self.scoresEnd = scoresEnd
        self.mailbox = mailbox
    }
}

extension GenerationJob {
    /// The picture or sound whose place in the prompt this is.
    func media(at position: Int) -> MediaSpan? { media.first { $0.range.contains(position) } }

    /// Where the tokens end that follow this place without a picture or sound among them.
    func endOfText(from position: Int) -> Int? { media.first { $0.range.lowerBound > position }?.range.lowerBound }
}

/// What the scheduler needs of a tokenizer.
package protocol TokenPieces: Sendable {
    /// The bytes that a token adds to a text; none for control tokens.
    func piece(of token: Int32) -> ArraySlice<UInt8>

    /// The bytes that stand for a token, control tokens by their written form.
    func written(_ token: Int32) -> ArraySlice<UInt8>

    func endsGeneration(_ token: Int32) -> Bool
}
