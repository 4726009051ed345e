@preconcurrency import Dispatch
import SystemSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, handed to whoever is at work.
final class Interrupts: Sendable {
    private let handler = Locked<(@Sendable () -> Void)?>(nil)
    private let source: any DispatchSourceSignal

    init() {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { [weak self] in
            self?.handler.withLock { $0 }?()
        }
        source.activate()
    }

    /// Runs `body`; Ctrl-C meanwhile calls `onInterrupt`.
    func handling<Result>(
        _ onInterrupt: @escaping @Sendable () -> Void, _ body: () async throws -> Result
    ) async rethrows -> Result {
        handler.withLock { $0 = onInterrupt }
        defer { handler.withLock { $0 = nil } }
        return try await body()
    }
}

/// Ends the process as one that was interrupted, at once.
func endInterrupted() -> Never {
    _exit(130)
}

/// From now on Ctrl-C ends the process with exit code 130, unless ``Interrupts`` or the server take it for themselves.
func endWhenInterrupted() {
    signal(SIGINT) { _ in
        // Only what may be called in the handler of a signal: the prompt is to stand on a line of its own.
        var newline = UInt8(ascii: "\n")
        if isatty(2) == 1 { write(2, &newline, 1) }
        _exit(130)
    }
}
