import NIOCore
import SystemSupport

/// Runs `operation` and cancels the task it runs in if the connection closes before it returns.
func cancellingOnClose<Result>(
    of channel: any Channel, isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
) async throws -> Result {
    let current = CurrentTask()
    channel.closeFuture.whenComplete { _ in current.cancel() }
    withUnsafeCurrentTask { current.enter($0) }
    defer { current.leave() }
    return try await operation()
}

/// The task that an operation runs in, for as long as it runs.
///
/// A closed connection cannot be asked to forget a callback, so the callback finds nothing here once the operation is
/// over.
private final class CurrentTask: Sendable {
    private struct State: @unchecked Sendable {
        // Only `cancel()` is called from other threads, which `UnsafeCurrentTask` allows while the task runs.
        var task: UnsafeCurrentTask?
        var isClosed = false
    }

    private let state = Locked(State())

    func enter(_ task: UnsafeCurrentTask?) {
        state.withLock { state in
            state.task = task
            if state.isClosed { task?.cancel() }
        }
    }

    func leave() {
        state.withLock { $0.task = nil }
    }

    func cancel() {
        state.withLock { state in
            state.isClosed = true
            state.task?.cancel()
        }
    }
}
