/// A conversation to be continued by one answer.
public struct ChatRequest: Codable, Sendable, Equatable {
    /// The conversation so far, oldest first; never empty.
    public var messages: [ChatMessage]
    public var sampling: SamplingParameters
    /// Generation ends before the first of these; it is not part of the answer.
    public var stop: [String]
    /// The most tokens to generate; `nil` is until the context is full.
    public var maximumTokens: Int?

    public init(
        messages: [ChatMessage], sampling: SamplingParameters = .init(), stop: [String] = [], maximumTokens: Int? = nil
    ) {
        self.messages = messages
        self.sampling = sampling
        self.stop = stop
        self.maximumTokens = maximumTokens
    }
}
