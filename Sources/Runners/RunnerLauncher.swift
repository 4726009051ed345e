import Inference
import ModelStore
import RunnerProtocol

/// Starts the process of a model and stays with it until it has ended.
///
/// The pool's only way to a process, so that tests can put engines of their own in its place.
public protocol RunnerLauncher: Sendable {
    /// - Parameters:
    ///   - started: called with the process's id once there is one.
    ///   - announced: called once, when the runner serves or has said why it cannot.
    ///   - stop: when sent, the runner is to leave.
    /// - Returns: how the process ended, in words for a log; when its memory is back.
    func run(
        _ model: InstalledModel, _ launch: RunnerLaunch, started: @Sendable (Int) async -> Void,
        announced: @Sendable (RunnerAnnouncement) async -> Void, until stop: RunnerStop
    ) async throws -> String
}

/// What tells a runner to leave.
public struct RunnerStop: Sendable {
    let signal: StopSignal

    /// Whether it was sent.
    package var isSent: Bool { signal.isSent }

    /// Returns when the runner should leave, or the task is cancelled.
    public func wait() async { await signal.wait() }
}
