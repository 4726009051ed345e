import Console
import Server
import SystemSupport

/// How far a measurement is: one line that moves on a terminal, and nothing elsewhere.
final class MeasuringLine: Sendable {
    private struct State {
        var progress = PerformanceMeasurement.Progress.loading
        var isDone = false
    }

    private let terminal: Terminal
    private let model: String
    private let trials: Int
    private let state = Locked(State())
    private let start = ContinuousClock.now

    init(_ terminal: Terminal, model: String, trials: Int) {
        self.terminal = terminal
        self.model = model
        self.trials = trials
    }

    func show(_ progress: PerformanceMeasurement.Progress) {
        draw { $0.progress = progress }
    }

    /// Runs `body` while the line is drawn anew every second, and removes the line.
    func during<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        guard terminal.movesCursor else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    self.draw { _ in }
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            defer {
                group.cancelAll()
                draw { $0.isDone = true }
            }
            return try await body()
        }
    }

    /// Under the lock, so that nothing is drawn behind the end.
    private func draw(_ change: (inout State) -> Void) {
        guard terminal.movesCursor else { return }
        state.withLock { state in
            change(&state)
            terminal.write("\r\u{1B}[K" + (state.isDone ? "" : line(state.progress)))
        }
    }

    private func line(_ progress: PerformanceMeasurement.Progress) -> String {
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        let line = "\(model): \(step(progress))  \(DurationText.text(seconds: seconds))"
        return String(line.prefix(max(1, terminal.width - 1)))
    }

    private func step(_ progress: PerformanceMeasurement.Progress) -> String {
        switch progress {
        case .loading: "loading"
        case .warmingUp: "warming up"
        case .measuring(let done): "trial \(min(done + 1, trials)) of \(trials)"
        }
    }
}
