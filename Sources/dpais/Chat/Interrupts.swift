@preconcurrency import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, handed to whoever is at work.
final class Interrupts: Sendable {
    private let handler = Mutex<(@Sendable () -> Void)?>(nil)
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
