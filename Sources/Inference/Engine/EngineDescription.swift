/// What a loaded engine says of itself when it starts.
public struct EngineDescription: Codable, Sendable, Equatable {
    public var capabilities: [Capability]
    /// The engine and its version, such as `llama.cpp 0.5.0`.
    public var engine: String
    /// The device that computes, as the engine itself found out: `cpu`, `gpu`, `npu`, or several joined by `+`.
    public var device: String
    /// Changes when the model's bytes, the engine's version or its settings change, else never.
    public var fingerprint: String
    /// Tokens of prompt and answer together that one request may have; `nil` where the notion has no meaning.
    public var contextLength: Int?
    /// How many requests are computed side by side; more wait.
    public var parallelRequests: Int

    public init(
        capabilities: [Capability], engine: String, device: String, fingerprint: String, contextLength: Int?,
        parallelRequests: Int
    ) {
        self.capabilities = capabilities
        self.engine = engine
        self.device = device
        self.fingerprint = fingerprint
        self.contextLength = contextLength
        self.parallelRequests = parallelRequests
    }
}
