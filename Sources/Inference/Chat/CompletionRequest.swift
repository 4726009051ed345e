/// A text to be continued as it stands, without a conversation around it.
public struct CompletionRequest: Codable, Sendable, Equatable {
    public enum Prompt: Codable, Sendable, Equatable {
        /// Tokenised with what the model puts before every text.
        case text(String)
        /// Taken as they are.
        case tokens([Int32])
    }

    public var prompt: Prompt
    /// Whether every answer begins with the prompt's own text, and its log-probabilities where those are wanted.
    public var echo: Bool
    public var parameters: GenerationParameters

    public init(prompt: Prompt, echo: Bool = false, parameters: GenerationParameters = .init()) {
        self.prompt = prompt
        self.echo = echo
        self.parameters = parameters
    }
}
