import Console
import ModelStore
import SystemSupport

/// How far an install is: one line that moves on a terminal, lines now and then elsewhere.
final class ProgressLine: Sendable {
    private let terminal: Terminal
    private let begun = ContinuousClock.now
    private let meter: Locked<ProgressMeter>

    init(_ terminal: Terminal) {
        self.terminal = terminal
        meter = Locked(ProgressMeter(isDrawn: terminal.movesCursor, isUnicode: terminal.isUnicode))
    }

    func show(_ progress: InstallProgress) {
        let reading = ProgressMeter.Reading(progress)
        meter.withLock { meter in
            if let text = meter.show(reading, at: ContinuousClock.now - begun, width: terminal.width) {
                terminal.write(text)
            }
        }
    }

    /// Removes the line, so that what follows stands alone.
    func clear() {
        meter.withLock { terminal.write($0.clearing) }
    }
}

extension ProgressMeter.Reading {
    init(_ progress: InstallProgress) {
        let isCounted = progress.phase == .downloading
        self.init(
            name: progress.phase.name, bytesDone: progress.bytesDone, bytesTotal: progress.bytesTotal,
            bytesKept: progress.bytesKept, isCounted: isCounted,
            note: progress.pause.map { pause in
                "the source is waited for, \(DurationText.text(seconds: pause / .seconds(1)))"
            })
    }
}

extension InstallProgress.Phase {
    fileprivate var name: String {
        switch self {
        case .resolving: "asking the source"
        case .downloading: "downloading"
        case .verifying: "checking"
        case .converting: "converting"
        case .installing: "installing"
        case .waiting: "another install of this model is running; waiting for it"
        }
    }
}
