import Foundation

/// A thread of its own, and what it alone may touch: work that blocks is done there, in the order in which it comes.
///
/// It ends, and frees what it holds, when its last owner lets go of it.
package final class WorkThread<State>: Sendable {
    private let inbox = Inbox<State>()

    /// - Parameters:
    ///   - name: of the thread, for debuggers.
    ///   - make: makes what the thread holds, on the thread.
    /// - Throws: what `make` throws.
    package init(_ name: String, make: @escaping @Sendable () throws -> State) async throws {
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            // The thread holds the inbox, not its owner, so the owner can go and end it.
            let thread = Thread { [inbox] in
                do {
                    var state = try make()
                    started.resume()
                    inbox.serve(&state)
                } catch {
                    started.resume(throwing: error)
                }
            }
            thread.name = name
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { inbox.close() }

    /// Does a piece of work on the thread, after all that was asked for before it.
    package func run<Result: Sendable>(_ work: @escaping @Sendable (inout State) throws -> Result) async throws
        -> Result
    {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Result, any Error>) in
            inbox.put { state in done.resume(with: Swift.Result { try work(&state) }) }
        }
    }
}

/// Pieces of work in the order they came.
private final class Inbox<State>: @unchecked Sendable {
    typealias Work = @Sendable (inout State) -> Void

    // Every access to the stored properties holds the condition's lock.
    private let condition = NSCondition()
    private var waiting: [Work] = []
    private var closed = false

    func put(_ work: @escaping Work) {
        condition.lock()
        waiting.append(work)
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        closed = true
        condition.signal()
        condition.unlock()
    }

    func serve(_ state: inout State) {
        while let batch = next() {
            for work in batch { work(&state) }
        }
    }

    /// What has gathered, or `nil` at the end.
    private func next() -> [Work]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if closed { return nil }
            condition.wait()
        }
        defer { waiting = [] }
        return waiting
    }
}
