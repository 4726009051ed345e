import Inference

/// What the pool knows of one model's runner.
public struct RunnerStatus: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        /// For memory.
        case waiting
        case loading
        case ready
        case stopping
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
