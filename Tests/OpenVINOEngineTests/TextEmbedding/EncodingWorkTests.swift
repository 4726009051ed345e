import Inference
import OpenVINOEngine
import Testing

@Suite("The work of an encoder's lanes")
struct EncodingWorkTests {
    private func work(
        lanes: Int = 2, hasWideLane: Bool = false, requestLimit: Int = 8, maximumRows: Int = .max
    ) -> EncodingWork {
        EncodingWork(
            padding: .upTo([16, 256, 2048]), lanes: lanes, hasWideLane: hasWideLane, requestLimit: requestLimit,
            width: 1, maximumRows: maximumRows)
    }

    /// Texts of these lengths; each token is the length.
    private func job(_ lengths: [Int]) -> EncodingJob {
        EncodingJob(lengths.map { Array(repeating: Int32($0), count: $0) })
    }

    private func fetch(_ work: inout EncodingWork, _ lane: EncodingWork.Lane) -> EncodingWork.Batch? {
        guard case .compute(let batch) = work.next(for: lane) else { return nil }
        return batch
    }

    /// Each text's vector is its length.
    private func finish(_ work: inout EncodingWork, _ lane: EncodingWork.Lane, _ batch: EncodingWork.Batch) {
        work.finish(lane, batch.batch, .success(batch.texts.map { Float($0.count) }), seconds: 0.01)
    }

    @Test("a request ends with its vectors in the order of its texts")
    func restoresTheOrder() async throws {
        var work = work()
        let job = job([3, 200, 1, 190, 12])
        let number = try work.add(job)
        #expect(number != nil)
        while let batch = fetch(&work, .narrow(0)) {
            #expect(batch.texts.map(\.count) == batch.batch.texts.map(\.length))
            finish(&work, .narrow(0), batch)
        }
        #expect(try await job.vectors {} == [3, 200, 1, 190, 12])
        #expect(work.statistics.completedRequests == 1)
        #expect(work.statistics.promptTokens == 406)
    }

    @Test("few texts go to the wide lane when nothing runs, many to the narrow ones")
    func choosesTheLane() throws {
        var work = work(hasWideLane: true)
        _ = try work.add(job([200]))
        #expect(fetch(&work, .narrow(0)) == nil)
        let single = try #require(fetch(&work, .wide))
        // While it computes a short batch the narrow lanes leave it the threads.
        _ = try work.add(job(Array(repeating: 16, count: 64)))
        #expect(fetch(&work, .narrow(1)) == nil)
        finish(&work, .wide, single)
        #expect(fetch(&work, .wide) == nil)
        #expect(fetch(&work, .narrow(0)) != nil)
        #expect(fetch(&work, .narrow(1)) != nil)
    }

    @Test("where nothing is padded, the wide lane's batch counts by the tokens that it has")
    func countsTokens() throws {
        var work = EncodingWork(padding: .none, lanes: 2, hasWideLane: true, requestLimit: 8, width: 1)
        _ = try work.add(job([200, 5, 5, 5, 5, 5]))
        let together = try #require(fetch(&work, .wide))
        #expect(together.texts.count == 6)
        // As rows they would be 1,200 tokens, and the narrow lanes would not wait.
        _ = try work.add(job(Array(repeating: 16, count: 64)))
        #expect(fetch(&work, .narrow(0)) == nil)
        finish(&work, .wide, together)
        #expect(fetch(&work, .narrow(0)) != nil)
    }

    @Test("short queries do not wait for a long text on the wide lane")
    func passesALongText() throws {
        var work = work(hasWideLane: true)
        _ = try work.add(job([2000]))
        #expect(fetch(&work, .wide) != nil)
        _ = try work.add(job([9]))
        #expect(fetch(&work, .narrow(0))?.texts.map(\.count) == [9])
    }

    @Test("lanes beyond the threads that are granted rest, and the wide lane with them")
    func keepsToTheThreads() throws {
        var work = work(hasWideLane: true)
        work.setThreads(1)
        _ = try work.add(job([16]))
        #expect(fetch(&work, .wide) == nil)
        #expect(fetch(&work, .narrow(1)) == nil)
        #expect(fetch(&work, .narrow(0)) != nil)
        work.setThreads(0)
        #expect(work.statistics.threads == 1)
        work.setThreads(9)
        #expect(work.statistics.threads == 2)
    }

    @Test("a request that was given up has no more batches, and what is computed for it is thrown away")
    func cancels() async throws {
        var work = work()
        let (gone, stays) = (job(Array(repeating: 200, count: 20)), job([5]))
        let number = try #require(try work.add(gone))
        let batch = try #require(fetch(&work, .narrow(0)))
        work.cancel(number)
        work.cancel(number)
        _ = try work.add(stays)
        finish(&work, .narrow(0), batch)
        let next = try #require(fetch(&work, .narrow(0)))
        #expect(next.texts.map(\.count) == [5])
        finish(&work, .narrow(0), next)
        #expect(try await stays.vectors {} == [5])
        #expect(work.statistics.cancelledRequests == 1)
        #expect(fetch(&work, .narrow(0)) == nil)
    }

    @Test("more requests than may be in flight are refused, until one ends")
    func refusesTooMany() throws {
        var work = work(requestLimit: 2)
        _ = try work.add(job([1]))
        let second = try #require(try work.add(job([1])))
        let error = #expect(throws: InferenceError.self) { try work.add(job([1])) }
        #expect(error?.kind == .overloaded && error?.retryAfterSeconds == 1)
        work.cancel(second)
        #expect(throws: Never.self) { try work.add(job([1])) }
    }

    @Test("a batch that fails ends the requests that have texts in it, and no other")
    func failsABatch() async throws {
        var work = work()
        let (failing, sound) = (job([250]), job([4]))
        _ = try work.add(failing)
        let batch = try #require(fetch(&work, .narrow(0)))
        _ = try work.add(sound)
        work.finish(.narrow(0), batch.batch, .failure(InferenceError(.internal, "broken")), seconds: 0.01)
        await #expect(throws: InferenceError(.internal, "broken")) { try await failing.vectors {} }
        let next = try #require(fetch(&work, .narrow(0)))
        finish(&work, .narrow(0), next)
        #expect(try await sound.vectors {} == [4])
        #expect(work.statistics.failedRequests == 1)
    }

    @Test("stopping fails what is in flight, and sends the lanes home")
    func stops() async throws {
        var work = work()
        let job = job([4])
        _ = try work.add(job)
        work.stop()
        let error = await #expect(throws: InferenceError.self) { try await job.vectors {} }
        #expect(error?.kind == .unavailable)
        guard case .end = work.next(for: .narrow(0)) else {
            Issue.record("the lane was not sent home")
            return
        }
        #expect(throws: InferenceError.self) { try work.add(EncodingJob([[1]])) }
    }

    @Test("a request without texts ends at once")
    func endsAnEmptyRequest() async throws {
        var work = work()
        let job = job([])
        #expect(try work.add(job) == nil)
        #expect(try await job.vectors {} == [])
    }
}
