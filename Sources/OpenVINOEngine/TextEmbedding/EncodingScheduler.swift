import Foundation
import Inference

/// Computes the texts of all requests of one encoder together, on threads of their own.
///
/// Each thread drives one infer request and fetches its next batch when it is done with the last: no queue of batches
/// stands between them, so what comes late is in the next batch that any thread fetches.
package final class EncodingScheduler: @unchecked Sendable {
    // Every access to `work`, `threads` and `stopped` holds the condition's lock; the rest never changes.
    private let condition = NSCondition()
    private var work: EncodingWork
    private var threads = 0
    private var stopped: [CheckedContinuation<Void, Never>] = []

    package init(_ work: EncodingWork) {
        self.work = work
    }

    /// Computes the vectors of a batch, row after row, not of unit length. Its error ends the requests that had texts in
    /// the batch.
    package typealias Compute = (EncodingWork.Batch) throws(InferenceError) -> [Float]

    /// Starts a lane's thread.
    ///
    /// - Parameter compute: makes what computes, on that thread; it is used by no other.
    package func start(_ lane: EncodingWork.Lane, compute: @escaping @Sendable () throws -> Compute) async throws {
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            condition.withLock { threads += 1 }
            let thread = Thread { [self] in
                do {
                    let compute = try compute()
                    started.resume()
                    run(lane, compute)
                } catch {
                    started.resume(throwing: error)
                }
                leave()
            }
            thread.name = "embedding"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    private func leave() {
        condition.withLock {
            threads -= 1
            if threads == 0 { stopped.forEach { $0.resume() } }
        }
    }

    /// Computes a request's texts.
    ///
    /// - Parameter texts: their tokens; none empty, none longer than the model reads.
    /// - Returns: row after row, not of unit length.
    /// - Throws: ``Inference/InferenceError``, `CancellationError`.
    package func vectors(of texts: [[Int32]]) async throws -> [Float] {
        try Task.checkCancellation()
        let job = EncodingJob(texts)
        let number = try submit(job)
        return try await job.vectors { [self] in
            if let number { change { $0.cancel(number) } }
        }
    }

    package var statistics: EngineStatistics { condition.withLock { work.statistics } }

    package func setThreads(_ count: Int) {
        change { $0.setThreads(count) }
    }

    /// Fails what is in flight, and returns when all threads have ended.
    package func stop() async {
        change { $0.stop() }
        await withCheckedContinuation { continuation in
            condition.withLock {
                if threads == 0 { continuation.resume() } else { stopped.append(continuation) }
            }
        }
    }

    private func submit(_ job: EncodingJob) throws(InferenceError) -> Int? {
        condition.lock()
        defer { condition.unlock() }
        let number = try work.add(job)
        condition.broadcast()
        return number
    }

    private func change(_ body: (inout EncodingWork) -> Void) {
        condition.lock()
        defer { condition.unlock() }
        body(&work)
        condition.broadcast()
    }

    // MARK: On the lanes' threads

    private func run(_ lane: EncodingWork.Lane, _ compute: Compute) {
        let clock = ContinuousClock()
        while let batch = fetch(lane) {
            let begun = clock.now
            let result: Result<[Float], InferenceError>
            do throws(InferenceError) {
                result = .success(try compute(batch))
            } catch {
                result = .failure(error)
            }
            let seconds = (clock.now - begun) / .seconds(1)
            change { $0.finish(lane, batch.batch, result, seconds: seconds) }
        }
    }

    /// Sleeps until there is a batch for the lane; `nil` at the end.
    private func fetch(_ lane: EncodingWork.Lane) -> EncodingWork.Batch? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            switch work.next(for: lane) {
            case .compute(let batch): return batch
            case .wait: condition.wait()
            case .end: return nil
            }
        }
    }
}
