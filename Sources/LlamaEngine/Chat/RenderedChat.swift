/// All that a conversation means for the one who continues it.
package struct RenderedChat: Sendable {
    /// What the model is to continue.
    package var prompt: String
    /// Texts that end an answer in this model's format, beside its end tokens.
    package var stops: [String]
    /// What the answer has to keep to; `nil` is nothing.
    package var grammar: GrammarSource?
    /// Control tokens whose text the parser has to see, as they are written.
    package var preservedTokens: [String]
    /// Takes the text of one answer apart; every answer needs one of its own. `nil` where the text is the answer.
    package var parser: AnswerParser?
}
