import Dispatch
import Inference
import SystemSupport

/// Where other threads leave what the scheduler should see before its next step.
final class SchedulerInbox<Job: Sendable>: Sendable {
    struct Contents {
        var jobs: [Job] = []
        var threads: Int?
        var isStopping = false
    }

    private struct State {
        var contents = Contents()
        /// Places of jobs that were taken on and have not ended.
        var outstanding = 0
        var isSleeping = false
        /// Something happened that is not in `contents`: a reader left, or read.
        var isWoken = false
    }

    private let state = Locked(State())
    private let alarm = DispatchSemaphore(value: 0)
    private let capacity: Int

    /// - Parameter capacity: places that may be taken, by what runs and what waits together.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// - Parameter places: how much work the job is: each of a request's answers is as much as a request.
    /// - Throws: ``InferenceError``: `overloaded` where the queue is full, `unavailable` after ``stop()``.
    func submit(_ job: Job, places: Int = 1) throws {
        try change { state in
            if state.contents.isStopping {
                throw InferenceError(.unavailable, "The model is being unloaded; try again.")
            }
            // A job that needs more places than there are is taken where nothing else waits.
            guard state.outstanding == 0 || state.outstanding + places <= capacity else {
                throw InferenceError(
                    .overloaded, "\(capacity) requests are running or waiting for this model already; try again later.",
                    retryAfterSeconds: 1)
            }
            state.outstanding += places
            state.contents.jobs.append(job)
        }
    }

    func setThreads(_ count: Int) {
        change { $0.contents.threads = count }
    }

    func stop() {
        change { $0.contents.isStopping = true }
    }

    func wake() {
        change { _ in }
    }

    private func change<Failure: Error>(_ body: (inout sending State) throws(Failure) -> Void) throws(Failure) {
        let mustSignal = try state.withLock { state throws(Failure) in
            try body(&state)
            state.isWoken = true
            defer { state.isSleeping = false }
            return state.isSleeping
        }
        if mustSignal { alarm.signal() }
    }

    // The scheduler's side.

    /// What has come since the last call; with `wait`, sleeps until there is something.
    func take(wait: Bool) -> Contents {
        while true {
            let contents: Contents? = state.withLock { state in
                guard state.isWoken || !wait else {
                    state.isSleeping = true
                    return nil
                }
                state.isWoken = false
                let contents = state.contents
                state.contents = Contents(isStopping: contents.isStopping)
                return contents
            }
            if let contents { return contents }
            alarm.wait()
        }
    }

    /// Jobs, or answers of one, have ended, however they did.
    func ended(_ places: Int = 1) {
        state.withLock { $0.outstanding -= places }
    }
}
