import Console
import Synchronization

/// Says at a terminal that something is on its way, until it comes.
final class WaitingHint: Sendable {
    private let terminal: Terminal
    private let isShown: Mutex<Bool>

    init(_ terminal: Terminal) {
        self.terminal = terminal
        isShown = Mutex(terminal.movesCursor)
        if terminal.movesCursor { terminal.write(terminal.style.faint("(waiting for the model)")) }
    }

    /// Takes the words away; later calls do nothing.
    @inline(never)
    func clear() {
        isShown.withLock { isShown in
            if isShown { terminal.write("\r\u{1B}[K") }
            isShown = false
        }
    }
}
