import Inference
import RunnerProtocol

/// An answer that has its place in a runner.
public struct StartedGeneration: Sendable {
    /// The engine that answers.
    public var engine: EngineDescription
    /// The answer; cancelling the task that reads it cancels the generation.
    public var events: GenerationEvents

    public init(engine: EngineDescription, events: GenerationEvents) {
        self.engine = engine
        self.events = events
    }
}
