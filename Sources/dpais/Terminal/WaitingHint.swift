import Console
import SystemSupport

/// Says at a terminal that something is on its way, until it comes.
final class WaitingHint: Sendable {
    private let terminal: Terminal
    private let isShown: Locked<Bool>

    init(_ terminal: Terminal) {
        self.terminal = terminal
        isShown = Locked(terminal.movesCursor)
        if terminal.movesCursor { terminal.write(terminal.style.faint("(waiting for the model)")) }
    }

    /// Takes the words away; later calls do nothing.
    func clear() {
        isShown.withLock { isShown in
            if isShown { terminal.write("\r\u{1B}[K") }
            isShown = false
        }
    }
}
