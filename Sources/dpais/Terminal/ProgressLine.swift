import Console
import ModelStore
import Synchronization

/// How far an install is: one line that moves on a terminal, a line a phase elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var phase: InstallProgress.Phase?
        /// A model of several files goes through some phases once a file.
        var written: Set<InstallProgress.Phase> = []
        var lastDraw: ContinuousClock.Instant?
        var downloadBegan: (time: ContinuousClock.Instant, bytes: Int)?
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    func show(_ progress: InstallProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            let isNewPhase = state.phase != progress.phase
            state.phase = progress.phase
            if isNewPhase, progress.phase == .downloading { state.downloadBegan = (now, progress.bytesDone) }
            guard terminal.isInteractive else {
                if state.written.insert(progress.phase).inserted { terminal.write(Self.name(progress.phase) + "\n") }
                return
            }
            let isDone = progress.bytesTotal == progress.bytesDone
            if !isNewPhase, !isDone, let last = state.lastDraw, now - last < .milliseconds(100) { return }
            state.lastDraw = now
            let line = progress.phase == .downloading ? line(progress, state, now) : Self.name(progress.phase)
            terminal.write("\r\u{1B}[K" + line.prefix(terminal.width - 1))
        }
    }

    /// Removes the line, so that what follows stands alone.
    func clear() {
        if terminal.isInteractive { terminal.write("\r\u{1B}[K") }
    }

    private func line(_ progress: InstallProgress, _ state: State, _ now: ContinuousClock.Instant) -> String {
        var parts = [Self.name(.downloading)]
        if let total = progress.bytesTotal, total > 0 {
            let share = min(1, Double(progress.bytesDone) / Double(total))
            let width = max(10, min(40, terminal.width - 60))
            let filled = Int(share * Double(width))
            parts.append(
                "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]")
            parts.append("\(Int(share * 100))%")
            parts.append("\(ByteCount.text(progress.bytesDone)) of \(ByteCount.text(total))")
        } else {
            parts.append(ByteCount.text(progress.bytesDone))
        }
        if let began = state.downloadBegan {
            let elapsed = (now - began.time) / .seconds(1)
            let rate = Double(progress.bytesDone - began.bytes) / max(elapsed, 0.001)
            if elapsed > 0.5, rate > 0 {
                parts.append("\(ByteCount.text(Int(rate)))/s")
                if let total = progress.bytesTotal {
                    parts.append("\(Int(Double(total - progress.bytesDone) / rate)) s left")
                }
            }
        }
        return parts.joined(separator: "  ")
    }

    private static func name(_ phase: InstallProgress.Phase) -> String {
        switch phase {
        case .resolving: "asking the source"
        case .downloading: "downloading"
        case .verifying: "checking"
        case .converting: "converting"
        case .installing: "installing"
        case .waiting: "another install of this model is running; waiting for it"
        }
    }
}
