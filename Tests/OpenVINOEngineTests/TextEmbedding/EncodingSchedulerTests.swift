import Dispatch
import Inference
import OpenVINOEngine
import Synchronization
import TestSupport
import Testing

@Suite("The threads of an encoder", .hangGuard)
struct EncodingSchedulerTests {
    private func scheduler() -> EncodingScheduler {
        EncodingScheduler(
            EncodingWork(padding: .upTo([16]), lanes: 1, hasWideLane: false, requestLimit: 4, width: 1))
    }

    @Test("a request that is cancelled while it is computed ends at once, and the next one is served")
    func cancels() async throws {
        let scheduler = scheduler()
        let (begun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        try await scheduler.start(.narrow(0)) {
            { batch in
                begun.signal()
                mayEnd.wait()
                return batch.texts.map { Float($0.count) }
            }
        }
        let cancelled = Task { try await scheduler.vectors(of: Array(repeating: [1, 2], count: 2000)) }
        await wait(for: begun)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let next = Task { try await scheduler.vectors(of: [[1, 2, 3]]) }
        mayEnd.signal()
        mayEnd.signal()
        #expect(try await next.value == [3])
        #expect(scheduler.statistics.cancelledRequests == 1)
        #expect(scheduler.statistics.steps == 2)
        await scheduler.stop()
    }

    @Test("a task that is cancelled before it begins computes nothing")
    func cancelsBeforeTheStart() async throws {
        let scheduler = scheduler()
        try await scheduler.start(.narrow(0)) { { batch in batch.texts.map { _ in 0 } } }
        let gate = DispatchSemaphore(value: 0)
        let task = Task {
            await wait(for: gate)
            return try await scheduler.vectors(of: [[1]])
        }
        task.cancel()
        gate.signal()
        await #expect(throws: CancellationError.self) { try await task.value }
        await scheduler.stop()
    }

    @Test("what a lane cannot make ends its start, and the scheduler still stops")
    func failsToStart() async throws {
        let scheduler = scheduler()
        await #expect(throws: InferenceError.self) {
            try await scheduler.start(.narrow(0)) { throw InferenceError(.unavailable, "no request") }
        }
        await scheduler.stop()
    }
}

/// Waits without holding a thread of the cooperative pool.
private func wait(for semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            semaphore.wait()
            continuation.resume()
        }
    }
}
