import Inference

/// What the pool knows of one model's runner.
public struct RunnerStatus: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        case loading
        case ready
    }

    public var model: String
    public var state: State
    /// Requests in hand, as the server counts them.
    public var requests: Int
    public var engine: EngineDescription?
    public var statistics: EngineStatistics?

    public init(
        model: String, state: State, requests: Int, engine: EngineDescription? = nil,
        statistics: EngineStatistics? = nil
    ) {
        self.model = model
        self.state = state
        self.requests = requests
        self.engine = engine
        self.statistics = statistics
    }
}
