import Foundation

/// A thread of its own as an executor, for work that blocks: the cooperative pool is never held up by it.
///
/// It ends when its last owner lets go of it and its last job is done.
final class ComputeThread: SerialExecutor {
    private let inbox = Inbox()

    init(name: String) {
        // The thread holds the inbox, not the executor, so the executor can go and end it.
        let thread = Thread { [inbox] in inbox.run() }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit { inbox.close() }

    func enqueue(_ job: consuming ExecutorJob) {
        // The job names this executor while it runs, so the executor must outlive it.
        inbox.put(UnownedJob(job), on: self)
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Jobs in the order they came, each with the executor that it runs on.
private final class Inbox: @unchecked Sendable {
    // Every access to the stored properties holds the condition's lock.
    private let condition = NSCondition()
    private var jobs: [(job: UnownedJob, executor: ComputeThread)] = []
    private var closed = false

    func put(_ job: UnownedJob, on executor: ComputeThread) {
        condition.lock()
        jobs.append((job, executor))
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        closed = true
        condition.signal()
        condition.unlock()
    }

    func run() {
        while let batch = next() {
            for (job, executor) in batch { job.runSynchronously(on: executor.asUnownedSerialExecutor()) }
        }
    }

    /// What has gathered, or `nil` at the end.
    private func next() -> [(job: UnownedJob, executor: ComputeThread)]? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty {
            if closed { return nil }
            condition.wait()
        }
        defer { jobs = [] }
        return jobs
    }
}
