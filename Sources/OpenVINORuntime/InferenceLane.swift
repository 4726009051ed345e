/// An infer request, the tensors and scratch memory that belong to it, and the one thread that drives them.
///
/// As many lanes as the model has streams keep it busy. What the lane holds never leaves it, so it needs no locks, and
/// the work in it may block:
///
///     let lane = try await InferenceLane("encoder") { try Buffers(request: compiled.makeRequest()) }
///     let vector = try await lane.run { buffers in … try buffers.request.infer() … }
package actor InferenceLane<Contents> {
    private let thread: ComputeThread
    private let contents: Contents

    /// The actor runs on its own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - name: of the thread, for debuggers.
    ///   - contents: makes what the lane holds.
    package init(_ name: String, contents: @Sendable () throws -> Contents) async throws {
        thread = ComputeThread(name: name)
        self.contents = try contents()
    }

    /// Runs a piece of work on the lane's thread, after those that were asked for before it.
    package func run<Result: Sendable, Failure: Error>(
        _ work: @Sendable (Contents) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try work(contents)
    }
}
