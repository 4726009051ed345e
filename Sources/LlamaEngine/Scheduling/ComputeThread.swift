import Foundation

/// A thread of its own for what computes: its state is made, used and freed there, and seen by no other.
final class ComputeThread: Sendable {
    private let ended = Latch()

    /// Starts the thread. Called once.
    ///
    /// - Parameters:
    ///   - make: makes the state, on the thread.
    ///   - run: what the thread does with it, to its end.
    /// - Throws: what `make` throws.
    func start<State>(
        _ name: String, make: @escaping @Sendable () throws -> State, run: @escaping @Sendable (inout State) -> Void
    ) async throws {
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            let thread = Thread { [ended] in
                do {
                    var state = try make()
                    started.resume()
                    run(&state)
                } catch {
                    started.resume(throwing: error)
                }
                ended.open()
            }
            thread.name = name
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Waits until the thread has ended and its state is freed.
    func join() async {
        await ended.wait()
    }
}
